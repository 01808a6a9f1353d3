"""Batch jobs, asynchronous invocations, prompt routers and data retention."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

MODEL = "amazon.nova-lite-v1:0"
VIDEO = "amazon.nova-2-multimodal-embeddings-v1:0"
SEGMENTED = {
    "taskType": "SEGMENTED_EMBEDDING",
    "segmentedEmbeddingParams": {"embeddingPurpose": "GENERIC_INDEX", "text": {"truncationMode": "END", "value": "x"}},
}
ROLE = "arn:aws:iam::123456789012:role/batch"
FILES = {
    "inputDataConfig": {"s3InputDataConfig": {"s3Uri": "s3://rocks/in.jsonl"}},
    "outputDataConfig": {"s3OutputDataConfig": {"s3Uri": "s3://rocks/out/"}},
}


def code(call, **arguments):
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    return caught.value.response["Error"]["Code"]


def test_a_batch_job_is_made_shown_listed_and_stopped(control):
    arn = control.create_model_invocation_job(jobName="survey", roleArn=ROLE, modelId=MODEL, **FILES)["jobArn"]
    job = control.get_model_invocation_job(jobIdentifier=arn)
    assert (job["jobArn"], job["jobName"], job["roleArn"]) == (arn, "survey", ROLE)
    assert job["inputDataConfig"] == FILES["inputDataConfig"]
    assert job["status"] in {"Submitted", "InProgress"}
    assert control.get_model_invocation_job(jobIdentifier=arn.split("/")[1])["jobArn"] == arn
    listed = control.list_model_invocation_jobs(nameContains="surv")["invocationJobSummaries"]
    assert [job["jobArn"] for job in listed] == [arn]
    assert control.list_model_invocation_jobs(statusEquals="Failed")["invocationJobSummaries"] == []
    control.stop_model_invocation_job(jobIdentifier=arn)
    assert control.get_model_invocation_job(jobIdentifier=arn)["status"] in {"Stopping", "Stopped"}


def test_a_batch_job_that_is_not_there(control):
    assert code(control.get_model_invocation_job, jobIdentifier="abcdefghijkl") == "ResourceNotFoundException"


def test_an_asynchronous_invocation_is_started_shown_and_listed(runtime):
    output = FILES["outputDataConfig"]
    arn = runtime.start_async_invoke(modelId=VIDEO, modelInput=SEGMENTED, outputDataConfig=output)["invocationArn"]
    shown = runtime.get_async_invoke(invocationArn=arn)
    assert (shown["invocationArn"], shown["outputDataConfig"]) == (arn, output)
    assert shown["status"] in {"InProgress", "Completed"}
    assert arn in {row["invocationArn"] for row in runtime.list_async_invokes()["asyncInvokeSummaries"]}
    assert runtime.list_async_invokes(statusEquals="Failed")["asyncInvokeSummaries"] == []


def test_a_prompt_router_is_made_used_and_deleted(control, runtime):
    models = [
        {"modelArn": f"arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-{size}-v1:0"} for size in ("lite", "pro")
    ]
    arn = control.create_prompt_router(
        promptRouterName="sizes",
        models=models,
        routingCriteria={"responseQualityDifference": 10},
        fallbackModel=models[0],
    )["promptRouterArn"]
    shown = control.get_prompt_router(promptRouterArn=arn)
    assert (shown["promptRouterName"], shown["models"], shown["type"]) == ("sizes", models, "custom")
    assert arn in {row["promptRouterArn"] for row in control.list_prompt_routers()["promptRouterSummaries"]}
    answer = runtime.converse(modelId=arn, messages=[{"role": "user", "content": [{"text": "Name a mineral."}]}])
    assert answer["trace"]["promptRouter"]["invokedModelId"] in {model["modelArn"] for model in models}
    control.delete_prompt_router(promptRouterArn=arn)
    assert code(control.get_prompt_router, promptRouterArn=arn) == "ResourceNotFoundException"


def test_data_retention_is_the_regions(server):
    control = server.client("bedrock")
    assert control.get_account_data_retention()["mode"] == "inherit"
    assert control.put_account_data_retention(mode="none")["mode"] == "none"
    assert control.get_account_data_retention()["mode"] == "none"
    assert server.client("bedrock", "us-west-2").get_account_data_retention()["mode"] == "inherit"
