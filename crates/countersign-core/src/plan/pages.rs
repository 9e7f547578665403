//! A plan that one card cannot hold, cut into pages: nothing is left out, nothing is shortened.

use super::{AROUND, FieldChange, Plan, Step};

/// The longest text that a page shows whole, in characters.
const MOST_IN_A_VALUE: usize = 2_000;
/// The most on one page, in characters and in lines.
const MOST_ON_A_PAGE: usize = 2_800;
const MOST_LINES: usize = 40;
/// People read no more than this.
const MOST_PAGES: usize = 10;
/// What a card shows of a paged plan: its warnings, and what cannot be undone.
const MOST_NOTES: usize = 10;
const MOST_IN_THE_NOTES: usize = 1_500;

/// A part of a plan, as one message shows it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// Steps, or parts of steps: one that began on the page before has its title again.
    pub steps: Vec<Step>,
    lines: usize,
    length: usize,
}

impl Plan {
    /// The plan's steps on pages; `None` when it is more than people can be shown. Warnings, and what
    /// cannot be undone, are left to the card.
    pub fn pages(&self) -> Option<Vec<Page>> {
        let notes = || self.warnings.iter().chain(&self.irreversible).map(|note| note.chars().count());
        if notes().count() > MOST_NOTES || notes().sum::<usize>() > MOST_IN_THE_NOTES {
            return None;
        }
        let mut pages = vec![Page::default()];
        for step in &self.steps {
            let title = Step { title: step.title.clone(), changes: Vec::new() };
            place(&mut pages, &title, None)?;
            for change in &step.changes {
                place(&mut pages, &title, Some(change))?;
            }
        }
        (pages.len() <= MOST_PAGES).then_some(pages)
    }
}

/// Puts a title, or a change under its title, onto the last page, or onto a new one.
fn place(pages: &mut Vec<Page>, title: &Step, change: Option<&FieldChange>) -> Option<()> {
    let (longest, length) = match change {
        None => (title.title.chars().count(), title.title.chars().count() + AROUND),
        Some(change) => size(change),
    };
    if longest > MOST_IN_A_VALUE {
        return None;
    }
    let last = pages.last_mut()?;
    if last.has_room(length) {
        return last.add(title, change, length);
    }
    let mut page = Page::default();
    let header = title.title.chars().count() + AROUND;
    if change.is_some() {
        page.add(title, None, header)?;
    }
    // A title and a value that do not fit onto an empty page together fit nowhere.
    if !page.has_room(length) {
        return None;
    }
    page.add(title, change, length)?;
    pages.push(page);
    Some(())
}

/// The longest text of a change, and all of it as it is drawn.
fn size(change: &FieldChange) -> (usize, usize) {
    let texts = [change.of.as_ref(), Some(&change.field), change.before.as_ref(), change.after.as_ref()];
    let lengths = texts.map(|text| text.map_or(0, |text| text.chars().count()));
    (lengths.into_iter().max().unwrap_or_default(), change.length() + AROUND)
}

impl Page {
    fn has_room(&self, length: usize) -> bool {
        self.lines < MOST_LINES && self.length + length <= MOST_ON_A_PAGE
    }

    fn add(&mut self, title: &Step, change: Option<&FieldChange>, length: usize) -> Option<()> {
        match change {
            None => self.steps.push(title.clone()),
            Some(change) => self.steps.last_mut()?.changes.push(change.clone()),
        }
        self.lines += 1;
        self.length += length;
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn change(value: &str) -> FieldChange {
        FieldChange { of: None, field: "note".to_owned(), before: None, after: Some(value.to_owned()) }
    }

    fn plan(steps: Vec<(String, Vec<String>)>) -> Plan {
        let step = |(title, values): (String, Vec<String>)| Step {
            title,
            changes: values.iter().map(|value| change(value)).collect(),
        };
        Plan { steps: steps.into_iter().map(step).collect(), ..Plan::default() }
    }

    proptest! {
        #[test]
        fn pages_hold_every_change_once_and_in_order(
            steps in prop::collection::vec((".{1,80}", prop::collection::vec(".{0,300}", 0..40)), 1..6)
        ) {
            let plan = plan(steps);
            if let Some(pages) = plan.pages() {
                let of = |steps: &[Step]| -> Vec<FieldChange> {
                    steps.iter().flat_map(|step| step.changes.clone()).collect()
                };
                let shown: Vec<FieldChange> = pages.iter().flat_map(|page| of(&page.steps)).collect();
                prop_assert_eq!(shown, of(&plan.steps));
                prop_assert!(pages.len() <= MOST_PAGES);
                for page in &pages {
                    prop_assert!(page.length <= MOST_ON_A_PAGE && page.lines <= MOST_LINES);
                }
            }
        }
    }

    #[test]
    fn what_is_too_much_to_read_has_no_pages() {
        let values = |count: usize, length: usize| vec!["x".repeat(length); count];
        let pages = |count, length| plan(vec![("Update".to_owned(), values(count, length))]).pages();
        assert_eq!(pages(20, 300).map(|pages| pages.len()), Some(3));
        assert_eq!(pages(1, 2_000).map(|pages| pages.len()), Some(1));
        assert_eq!(pages(1, 2_001), None, "a value that no page holds");
        assert_eq!(pages(400, 100), None, "too many pages");
        let loud = Plan { warnings: values(11, 5), ..plan(Vec::new()) };
        assert_eq!(loud.pages(), None, "too many warnings for the card");
    }

    #[test]
    fn a_step_that_goes_on_has_its_title_again() {
        let plan = plan(vec![("Update".to_owned(), vec!["x".repeat(300); 12])]);
        let pages = plan.pages().unwrap();
        assert!(pages.len() > 1);
        assert!(pages.iter().all(|page| page.steps[0].title == "Update"));
    }
}
