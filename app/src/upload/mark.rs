//! How a tab says in its title and icon how far it is.

/// The title with another percentage, or none, before it.
pub(super) fn mark_title(title: &str, shown: Option<u8>, percent: Option<u8>) -> String {
    let mark = |percent: Option<u8>| percent.map(|p| format!("{p} % · ")).unwrap_or_default();
    let bare = title.strip_prefix(&mark(shown)).unwrap_or(title);
    format!("{}{bare}", mark(percent))
}

/// A ring that is filled so far, as an address of its own. Two greys that are told from light and dark
/// tabs alike, and the console's blue.
pub(super) fn icon(percent: u8) -> String {
    // The circumference is 100, so that a percentage is a length.
    format!(
        "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 42 42'%3E\
         %3Cg fill='none' stroke-width='8' transform='rotate(-90 21 21)'%3E\
         %3Ccircle cx='21' cy='21' r='15.9155' stroke='%23888' stroke-opacity='.45'/%3E\
         %3Ccircle cx='21' cy='21' r='15.9155' stroke='%232f7de1' stroke-dasharray='{percent} 100'/%3E\
         %3C/g%3E%3C/svg%3E"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_title_carries_one_percentage() {
        assert_eq!(
            mark_title("Files · Hako", None, Some(34)),
            "34 % · Files · Hako"
        );
        assert_eq!(
            mark_title("34 % · Files · Hako", Some(34), Some(35)),
            "35 % · Files · Hako"
        );
        assert_eq!(
            mark_title("35 % · Files · Hako", Some(35), None),
            "Files · Hako"
        );
        // A navigation has set another title meanwhile.
        assert_eq!(
            mark_title("Buckets · Hako", Some(35), Some(36)),
            "36 % · Buckets · Hako"
        );
        // A folder may be called so.
        assert_eq!(mark_title("34 % · Hako", None, None), "34 % · Hako");
    }

    #[test]
    fn the_icon_is_an_address_without_what_ends_one() {
        let address = icon(34);
        assert!(address.contains("stroke-dasharray='34 100'"));
        assert!(!address.contains(['#', '"', '<', '>']), "{address}");
    }
}
