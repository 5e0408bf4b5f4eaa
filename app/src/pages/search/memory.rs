//! Searches that somebody keeps in this browser, under a name, and those that were run lately. A search is its
//! address: nothing else is kept.

use super::wanted::Wanted;
use crate::{
    browser,
    urls::{self, Query},
};

/// How many searches are remembered that were run lately.
const RECENT: usize = 20;
/// The longest name, in characters.
pub const NAME_MAX: usize = 100;

/// A search with its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saved {
    /// Its name, no other's.
    pub name: String,
    /// Its address.
    pub address: String,
}

/// What one person keeps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Memory {
    /// With names, by name.
    pub saved: Vec<Saved>,
    /// Addresses, the last one that was run first.
    pub recent: Vec<String>,
    /// Lines that mean nothing here: another version of this page may have written them.
    others: Vec<String>,
}

/// The search that an address is; `None` where it is none that could be run.
pub fn wanted(address: &str) -> Option<Wanted> {
    let query = address.strip_prefix(urls::SEARCH)?.strip_prefix('?')?;
    let wanted = Wanted::of(&Query::parse(query));
    (!wanted.query.is_empty() || !wanted.namespaces.is_empty()).then_some(wanted)
}

impl Memory {
    /// Reads what is kept for a person.
    pub fn of(person: &str) -> Self {
        browser::remembered(&place(person))
            .map(|text| Self::parse(&text))
            .unwrap_or_default()
    }

    /// Keeps it.
    pub fn keep(&self, person: &str) {
        browser::remember(&place(person), &self.text());
    }

    /// Saves a search under a name; one that has the name goes.
    pub fn save(&mut self, name: &str, address: &str) {
        let Some(name) = as_name(name) else { return };
        self.saved.retain(|one| one.name != name);
        let address = address.to_owned();
        self.saved.push(Saved { name, address });
        self.saved.sort_by_cached_key(|one| one.name.to_lowercase());
    }

    /// Gives a saved search another name. One that has it already goes.
    pub fn rename(&mut self, from: &str, to: &str) {
        let Some(at) = self.saved.iter().position(|one| one.name == from) else {
            return;
        };
        if as_name(to).is_none() {
            return;
        }
        let one = self.saved.remove(at);
        self.save(to, &one.address);
    }

    /// Forgets a saved search, and tells what it was.
    pub fn forget(&mut self, name: &str) -> Option<Saved> {
        let at = self.saved.iter().position(|one| one.name == name)?;
        Some(self.saved.remove(at))
    }

    /// Notes that a search was run. The same one in another order, or with other columns, takes its place.
    pub fn ran(&mut self, run: &Wanted) {
        let is_same = |one: &Wanted| one.query == run.query && one.namespaces == run.namespaces;
        let others = |address: &String| !wanted(address).is_some_and(|one| is_same(&one));
        self.recent.retain(others);
        self.recent.insert(0, run.at(0).address());
        self.recent.truncate(RECENT);
    }

    /// One search in each line: neither names nor addresses have line ends or tabs.
    fn text(&self) -> String {
        let saved = self.saved.iter();
        let saved = saved.map(|one| format!("+{}\t{}\n", one.name, one.address));
        let recent = self.recent.iter().map(|address| format!("-{address}\n"));
        let others = self.others.iter().map(|line| format!("{line}\n"));
        saved.chain(recent).chain(others).collect()
    }

    fn parse(text: &str) -> Self {
        let mut memory = Self::default();
        for line in text.lines() {
            let saved = line
                .strip_prefix('+')
                .and_then(|line| line.split_once('\t'));
            let recent = line.strip_prefix('-');
            if let Some((name, address)) = saved
                && wanted(address).is_some()
                && as_name(name).as_deref() == Some(name)
            {
                memory.save(name, address);
            } else if let Some(address) = recent
                && wanted(address).is_some()
                && memory.recent.len() < RECENT
            {
                memory.recent.push(address.to_owned());
            } else if !line.trim().is_empty() {
                memory.others.push(line.to_owned());
            }
        }
        memory
    }
}

/// A text as a name: in one line, without blanks around it, and not too long.
pub fn as_name(text: &str) -> Option<String> {
    let plain: String = text
        .trim()
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(NAME_MAX)
        .collect();
    let plain = plain.trim();
    (!plain.is_empty()).then(|| plain.to_owned())
}

fn place(person: &str) -> String {
    format!("hako-searches-{person}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn search(query: &str) -> Wanted {
        Wanted {
            query: query.to_owned(),
            ..Wanted::default()
        }
    }

    #[test]
    fn what_is_kept_reads_back() {
        let mut memory = Memory::default();
        for number in 0..25 {
            memory.ran(&search(&format!("size:{number}")));
        }
        memory.ran(&Wanted {
            descending: true,
            offset: 100,
            ..search("size:20")
        });
        assert_eq!(memory.recent.len(), RECENT);
        assert_eq!(wanted(&memory.recent[0]).unwrap().query, "size:20");
        assert_eq!(memory.recent[1], "/search?query=size%3A24");
        memory.save(" Large\tö ", "/search?query=size%3A5");
        memory.save("a", "/search?ns=b");
        memory.save("a", "/search?ns=c");
        assert_eq!(memory.saved.len(), 2);
        assert_eq!(Memory::parse(&memory.text()), memory);
        memory.rename("a", "Z");
        memory.rename("Z", " ");
        memory.rename("nobody", "b");
        let names: Vec<_> = memory.saved.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["Large ö", "Z"]);
        assert_eq!(memory.forget("Z").unwrap().address, "/search?ns=c");
        assert_eq!(memory.forget("Z"), None);
    }

    #[test]
    fn what_is_not_understood_does_no_harm_and_is_kept() {
        let odd = "+no address\n-javascript:alert(1)\n+evil\thttps://elsewhere/search?query=a\n{\"json\": 1}\n-/search\n\n+ok\t/search?query=a\n-/search?query=b\n";
        let mut memory = Memory::parse(odd);
        assert_eq!(memory.saved.len(), 1);
        assert_eq!(memory.recent, ["/search?query=b"]);
        memory.ran(&search("c"));
        let text = memory.text();
        for line in ["+no address", "{\"json\": 1}", "-/search\n"] {
            assert!(text.contains(line), "{line}");
        }
        assert_eq!(Memory::parse(&text), memory);
    }
}
