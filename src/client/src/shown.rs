//! How a value that somebody gave stands in an error: as much of it as serves to recognise it, and no secret.

use std::borrow::Cow;

/// How many characters of a value are shown.
const MOST: usize = 200;

/// A text, cut where it is long.
#[must_use]
pub fn text(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(MOST) {
        None => Cow::Borrowed(text),
        Some((at, _)) => {
            let (begun, _) = text.split_at(at);
            Cow::Owned(format!("{begun}… ({} characters)", text.chars().count()))
        }
    }
}

/// A URL with `***` for its user and password, its query and its fragment, whether or not it is one.
pub(crate) fn url(whole: &str) -> String {
    let (user, rest) = match whole.rsplit_once('@') {
        Some((user, rest)) => (Some(user), rest),
        None => (None, whole),
    };
    let at = rest.find(['?', '#']).unwrap_or(rest.len());
    let (place, secret) = rest.split_at(at);
    let secret = match secret.chars().next() {
        Some(sign) => format!("{sign}***"),
        None => String::new(),
    };
    let Some(user) = user else {
        return format!("{}{secret}", text(place));
    };
    let scheme = match user.split_once("//") {
        Some((scheme @ ("http:" | "https:"), _)) => format!("{scheme}//"),
        _ => String::new(),
    };
    if user.contains(['?', '#']) {
        // A password may have such a sign in it, and a query an `@`: of two places none is known to be the host.
        return format!("{scheme}***");
    }
    format!("{scheme}***@{}{secret}", text(place))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn secrets_of_a_url_are_hidden() {
        for (whole, shown) in [
            ("https://user:pass@word@host/x", "https://***@host/x"),
            ("https://user:pa?ss#w/ord@host/x", "https://***"),
            ("user:password@host", "***@host"),
            ("@host", "***@host"),
            ("http://host/x", "http://host/x"),
            ("http://host/x?token=a&b", "http://host/x?***"),
            ("http://host#token", "http://host#***"),
            ("http://host/?to=me@x.example#y", "http://***"),
            ("host?token", "host?***"),
        ] {
            assert_eq!(url(whole), shown);
        }
    }

    #[test]
    fn what_is_long_is_cut() {
        assert_eq!(text("é".repeat(MOST).as_str()), "é".repeat(MOST));
        let cut = text("é".repeat(3_000_000).as_str()).into_owned();
        assert_eq!(cut, format!("{}… (3000000 characters)", "é".repeat(MOST)));
        assert!(url(&format!("http://{}", "h".repeat(1_000_000))).len() < 300);
    }

    proptest! {
        #[test]
        fn no_part_that_may_be_secret_is_shown(
            user in "[a-zA-Z0-9:?#/@!$]{0,12}", host in "[a-z]{1,9}", path in "(/[a-z]{0,5}){0,2}",
            query in "[a-z@?#=]{0,12}", rest in "[a-z@?#=]{0,12}",
        ) {
            let mark = "MARK";
            for whole in [
                format!("http://{user}{mark}@{host}{path}"),
                format!("http://{host}{path}?{query}{mark}{rest}"),
                format!("{host}{path}#{query}{mark}{rest}"),
                format!("//{mark}{user}@{host}?{query}"),
            ] {
                let shown = url(&whole);
                prop_assert!(!shown.contains(mark), "{}", shown);
                prop_assert!(shown.contains(&host) || shown.ends_with("***"), "{}", shown);
            }
        }

        #[test]
        fn any_text_is_short(whole in ".{0,300}") {
            prop_assert!(text(&whole).chars().count() < MOST + 30);
            prop_assert!(url(&whole).chars().count() < MOST + 50);
        }
    }
}
