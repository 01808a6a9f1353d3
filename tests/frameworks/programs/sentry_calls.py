"""sentry-sdk."""

import sentry_sdk
import spans
from sentry_sdk.integrations.boto3 import Boto3Integration

_transactions = []


def _keep(transaction, _):
    _transactions.append(transaction)


sentry_sdk.init(
    dsn="http://key@127.0.0.1:1/1",
    traces_sample_rate=1.0,
    before_send_transaction=_keep,
    default_integrations=False,
    integrations=[Boto3Integration()],
)
_now = []


def taken():
    """The spans that have ended since: operation and description."""
    if _now:
        _now.pop().finish()
    ended = [[span["op"], span["description"]] for made in _transactions for span in made["spans"]]
    _transactions.clear()
    _now.append(sentry_sdk.start_transaction(name="calls"))
    sentry_sdk.get_current_scope().span = _now[0]
    return ended


spans.tell(taken)
