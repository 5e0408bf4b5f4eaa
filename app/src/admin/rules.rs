//! What is wrong with a setting, in words.

use model::mapi::rules::RuleFault;

use crate::{unit::count, words::rules};

/// What is wrong with the field that is called so, as a sentence.
pub(super) fn sentence(field: &str, fault: &RuleFault) -> String {
    match fault {
        RuleFault::Label => rules::label(field),
        RuleFault::Punycode => rules::punycode(field),
        RuleFault::Reserved(name) => rules::reserved(name),
        RuleFault::Bracket => rules::bracket(field),
        RuleFault::Control => rules::control(field),
        RuleFault::Sid => rules::sid(field),
        RuleFault::Comma => rules::comma(field),
        RuleFault::Phone => rules::phone(field),
        RuleFault::Extension => rules::extension(field),
        RuleFault::Tabs => rules::tabs(field),
        RuleFault::EventKinds => rules::event_kinds(field),
        RuleFault::CorsSize => rules::cors_size(field),
        RuleFault::ContentProperty => rules::content_property(field),
        RuleFault::RetentionClass => rules::retention_class(field),
        RuleFault::Slashes => rules::slashes(field),
        RuleFault::Retention(_) => rules::retention(field),
        RuleFault::OffsetFromStored => rules::offset_from_stored(field),
        RuleFault::RetentionSetting => rules::retention_setting(field),
        RuleFault::MinimumRetention => rules::minimum_retention(field),
        RuleFault::Address(address) => rules::address(address),
        RuleFault::TooLong(most) => rules::too_long(field, &count(*most as u64)),
        RuleFault::Length(low, high) => {
            rules::length(field, &count(*low as u64), &count(*high as u64))
        }
        RuleFault::Number => rules::number(field),
        RuleFault::NumberBetween(low, high) => {
            rules::number_between(field, &bound(*low), &bound(*high))
        }
        RuleFault::Between(low, high) => rules::between(field, &bound(*low), &bound(*high)),
        RuleFault::OneOf(numbers) => {
            let numbers: Vec<String> = numbers.iter().map(|number| bound(*number)).collect();
            rules::one_of(field, &numbers.join(", "))
        }
        RuleFault::Decimal => rules::decimal(field),
        RuleFault::Day => rules::day(field),
        RuleFault::TimeOfDay => rules::time_of_day(field),
        RuleFault::LogContent => rules::log_content(field),
        RuleFault::HourOfWeek => rules::hour_of_week(field),
        RuleFault::BackendNetwork => rules::backend_network(field),
        RuleFault::Quota(_) => rules::quota(field),
        RuleFault::QuotaTooSmall => rules::quota_too_small(field),
        RuleFault::Line(line, fault) => rules::line(line, &sentence(field, fault)),
    }
}

fn bound(number: i64) -> String {
    u64::try_from(number).map_or_else(|_negative| number.to_string(), count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_sentences_about_their_field() {
        for (fault, said) in [
            (
                RuleFault::Between(10, 95),
                "Soft quota has to be from 10 to 95.",
            ),
            (
                RuleFault::NumberBetween(-1, 36_500),
                "Soft quota has to be a whole number from -1 to 36,500.",
            ),
            (
                RuleFault::Line("a,b".to_owned(), Box::new(RuleFault::Comma)),
                "a,b: Soft quota has no comma.",
            ),
        ] {
            assert_eq!(sentence("Soft quota", &fault), said);
        }
    }
}
