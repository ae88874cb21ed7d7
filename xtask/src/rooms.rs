//! The rooms of each crate: a folder or file of its `src`, in one order that ARCHITECTURE.md writes down from the ground
//! up. Imports point down, re-exports resolved, and no file is in a circle.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Item, UseTree, Visibility};

use crate::shell::root;

/// Names from the crate's root on: of a module, or of what it defines.
type Names = Vec<String>;

#[derive(Default)]
struct Module {
    /// What it defines or re-exports by name, and where that comes from.
    exports: BTreeMap<String, Names>,
    /// Modules all of which it re-exports.
    globs: Vec<Names>,
    /// What it takes.
    takes: BTreeSet<Names>,
    defines: BTreeSet<String>,
}

/// The modules of a crate; those that stand within a file belong to it.
struct Crate {
    modules: BTreeMap<Names, Module>,
    files: BTreeSet<Names>,
}

impl Crate {
    fn read(src: &Path) -> Self {
        let mut crate_ = Self { modules: BTreeMap::new(), files: BTreeSet::new() };
        let mut files = Vec::new();
        collect(src, &Names::new(), &mut files);
        for (name, _) in &files {
            crate_.modules.insert(name.clone(), Module::default());
            crate_.files.insert(name.clone());
        }
        for (name, text) in files {
            let file = syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", name.join("/")));
            crate_.items(&name, file.items);
        }
        crate_
    }

    fn items(&mut self, module: &Names, items: Vec<Item>) {
        for item in items {
            if is_test(&item) {
                continue;
            }
            match item {
                Item::Use(item) => {
                    let mut leaves = Vec::new();
                    flatten(&item.tree, Names::new(), &mut leaves);
                    for (path, name) in leaves {
                        let Some(path) = self.absolute(module, &path) else { continue };
                        let own = self.modules.entry(module.clone()).or_default();
                        match (&item.vis, name) {
                            (Visibility::Inherited, _) => drop(own.takes.insert(path)),
                            (_, Some(name)) => drop(own.exports.insert(name, path)),
                            (_, None) => own.globs.push(path),
                        }
                    }
                }
                Item::Mod(item) => {
                    if let Some((_, items)) = item.content {
                        let inner = [module.as_slice(), &[item.ident.to_string()]].concat();
                        self.modules.entry(inner.clone()).or_default();
                        self.items(&inner, items);
                    }
                }
                other => {
                    let tokens = other.to_token_stream();
                    let mut words = Vec::new();
                    flat(tokens, &mut words);
                    self.modules.entry(module.clone()).or_default().defines.extend(defined(&words));
                    let paths = paths(&words);
                    let taken: Vec<Names> = paths.iter().filter_map(|path| self.absolute(module, path)).collect();
                    self.modules.entry(module.clone()).or_default().takes.extend(taken);
                }
            }
        }
    }

    /// A path of this crate from its root on; `None` for one of another crate, or of what is imported already.
    fn absolute(&self, module: &Names, path: &[String]) -> Option<Names> {
        let first = path.first()?;
        let mut base = module.clone();
        let mut rest = path;
        match first.as_str() {
            "crate" => return Some(path[1..].to_vec()),
            "self" => rest = &path[1..],
            "super" => {
                while rest.first().is_some_and(|word| word == "super") {
                    base.pop();
                    rest = &rest[1..];
                }
            }
            _ => {
                let child = [module.as_slice(), std::slice::from_ref(first)].concat();
                self.modules.contains_key(&child).then_some(())?;
            }
        }
        Some([base.as_slice(), rest].concat())
    }

    /// The file in which a name is defined.
    fn file_of(&self, path: &[String], depth: usize) -> Option<Names> {
        let longest = (0..=path.len()).rev().find(|length| self.modules.contains_key(&path[..*length]))?;
        let (module, rest) = path.split_at(longest);
        let own = &self.modules[module];
        if let (Some(name), true) = (rest.first(), depth < 8) {
            if let Some(origin) = own.exports.get(name) {
                return self.file_of(&[origin.as_slice(), &rest[1..]].concat(), depth + 1);
            }
            if !own.defines.contains(name) {
                let of_glob = |from: &Names| {
                    let found = self.file_of(&[from.as_slice(), rest].concat(), depth + 1)?;
                    self.modules.get(&found)?.defines.contains(name).then_some(found)
                };
                if let Some(found) = own.globs.iter().find_map(of_glob) {
                    return Some(found);
                }
            }
        }
        (0..=module.len()).rev().map(|length| module[..length].to_vec()).find(|name| self.files.contains(name))
    }

    /// Which files each file takes something from. The root only lists the others.
    fn arrows(&self) -> BTreeMap<Names, BTreeMap<Names, Names>> {
        let mut arrows: BTreeMap<Names, BTreeMap<Names, Names>> = BTreeMap::new();
        for (name, module) in &self.modules {
            let Some(from) = self.file_of(name, 0).filter(|from| !from.is_empty()) else { continue };
            for path in &module.takes {
                let Some(to) = self.file_of(path, 0).filter(|to| !to.is_empty() && *to != from) else { continue };
                arrows.entry(from.clone()).or_default().insert(to, path.clone());
            }
        }
        arrows
    }
}

fn collect(dir: &Path, module: &Names, found: &mut Vec<(Names, String)>) {
    for entry in fs::read_dir(dir).expect("a folder").flatten() {
        let path = entry.path();
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let own = [module.as_slice(), std::slice::from_ref(&stem)].concat();
        if path.is_dir() {
            collect(&path, &own, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let name = if stem == "mod" || stem == "lib" { module.clone() } else { own };
            found.push((name, fs::read_to_string(&path).expect("a file")));
        }
    }
}

fn is_test(item: &Item) -> bool {
    let attributes = match item {
        Item::Mod(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Const(item) => &item.attrs,
        _ => return false,
    };
    attributes.iter().any(|one| one.path().is_ident("cfg") && one.to_token_stream().to_string().contains("(test"))
}

/// Each name of a `use` with what it is called here; `None` for all names of a module.
fn flatten(tree: &UseTree, before: Names, found: &mut Vec<(Names, Option<String>)>) {
    let with = |name: String| [before.as_slice(), &[name]].concat();
    match tree {
        UseTree::Path(path) => flatten(&path.tree, with(path.ident.to_string()), found),
        UseTree::Name(name) if name.ident == "self" => {
            let own = before.last().cloned();
            found.push((before, own));
        }
        UseTree::Name(name) => found.push((with(name.ident.to_string()), Some(name.ident.to_string()))),
        UseTree::Rename(name) => found.push((with(name.ident.to_string()), Some(name.rename.to_string()))),
        UseTree::Glob(_) => found.push((before, None)),
        UseTree::Group(group) => {
            for tree in &group.items {
                flatten(tree, before.clone(), found);
            }
        }
    }
}

/// The words of a text one after another; what stands in brackets too. `::` is one word.
fn flat(tokens: TokenStream, words: &mut Names) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                words.push("(".into());
                flat(group.stream(), words);
                words.push(")".into());
            }
            TokenTree::Ident(ident) => words.push(ident.to_string()),
            TokenTree::Punct(punct) => match words.last_mut() {
                Some(last) if last == ":" && punct.as_char() == ':' => last.push(':'),
                _ => words.push(punct.to_string()),
            },
            TokenTree::Literal(_) => words.push("\"".into()),
        }
    }
}

fn is_name(word: &str) -> bool {
    word.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// All that is written `a::b::c`.
fn paths(words: &[String]) -> Vec<Names> {
    let mut found = Vec::new();
    let mut place = 0;
    while place < words.len() {
        let mut path = Names::new();
        if is_name(&words[place]) && (place == 0 || words[place - 1] != "::") {
            path.push(words[place].clone());
            while words.get(place + 1).is_some_and(|word| word == "::")
                && words.get(place + 2).is_some_and(|word| is_name(word))
            {
                path.push(words[place + 2].clone());
                place += 2;
            }
        }
        if path.len() > 1 {
            found.push(path);
        }
        place += 1;
    }
    found
}

fn defined(words: &[String]) -> impl Iterator<Item = String> {
    let kinds = ["struct", "enum", "fn", "const", "static", "type", "trait", "union"];
    let named = words.windows(2).filter(move |two| kinds.contains(&two[0].as_str()));
    named.map(|two| two[1].clone()).collect::<Vec<_>>().into_iter()
}

/// Files that are, over others, taken from by themselves.
fn circles(arrows: &BTreeMap<Names, BTreeMap<Names, Names>>) -> Vec<String> {
    let reached = |from: &Names| {
        let mut seen: BTreeSet<&Names> = BTreeSet::new();
        let mut next: Vec<&Names> = arrows.get(from).into_iter().flat_map(BTreeMap::keys).collect();
        while let Some(one) = next.pop() {
            if seen.insert(one) {
                next.extend(arrows.get(one).into_iter().flat_map(BTreeMap::keys));
            }
        }
        seen.contains(from)
    };
    arrows.keys().filter(|file| reached(file)).map(|file| file.join("/")).collect()
}

/// `| `app/src` | `ui` `asked` … |`: the rooms of a crate as ARCHITECTURE.md has them, the lowest first.
fn written_down(place: &str) -> Vec<String> {
    let text = fs::read_to_string(root().join("ARCHITECTURE.md")).expect("ARCHITECTURE.md");
    let begins = format!("| `{place}` |");
    let line = text.lines().find_map(|line| line.strip_prefix(&begins)).expect("the crate's rooms");
    line.split('`').skip(1).step_by(2).map(str::to_string).collect()
}

fn faults(place: &str) -> Vec<String> {
    let crate_ = Crate::read(&root().join(place));
    let arrows = crate_.arrows();
    let rooms = written_down(place);
    let there: BTreeSet<&String> = crate_.files.iter().filter_map(|file| file.first()).collect();
    assert_eq!(
        there,
        rooms.iter().collect::<BTreeSet<_>>(),
        "{place}: the rooms that are there, and those that are written down"
    );
    assert!(arrows.len() > there.len() / 2, "{place}: too few arrows were seen");
    let floor = |file: &Names| rooms.iter().position(|room| file.first() == Some(room));
    let mut faults: Vec<String> =
        circles(&arrows).into_iter().map(|file| format!("{place}: {file} is in a circle")).collect();
    for (from, targets) in &arrows {
        for (to, what) in targets.iter().filter(|(to, _)| floor(to) > floor(from)) {
            faults.push(format!(
                "{place}: {} takes {} from {}, which stands above it",
                from.join("/"),
                what.join("::"),
                to.join("/")
            ));
        }
    }
    faults
}

#[test]
fn imports_point_down_and_no_file_is_in_a_circle() {
    let found: Vec<String> = ["app/domain/src", "app/store/src", "app/src"].into_iter().flat_map(faults).collect();
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn circles_are_seen_through_re_exports() {
    let mut crate_ = Crate { modules: BTreeMap::new(), files: BTreeSet::new() };
    let files = [
        ("a", "pub use deep::Thing; fn uses() { let _ = crate::b::made(); }"),
        ("a/deep", "pub struct Thing;"),
        ("b", "use crate::a::Thing; pub fn made() {}"),
        ("c", "use crate::a::Thing; #[cfg(test)] mod tests { use crate::d::x; }"),
        ("d", "view! { <crate::c::Page/> }"),
    ];
    let names = |name: &str| name.split('/').map(str::to_string).collect::<Names>();
    for (name, _) in files {
        crate_.modules.insert(names(name), Module::default());
        crate_.files.insert(names(name));
    }
    for (name, text) in files {
        crate_.items(&names(name), syn::parse_file(text).expect("Rust").items);
    }
    let arrows = crate_.arrows();
    let seen = |from: &str, to: &str| arrows.get(&names(from)).is_some_and(|to_all| to_all.contains_key(&names(to)));
    assert!(seen("b", "a/deep") && !seen("b", "a"), "through the re-export");
    assert!(seen("a", "b") && seen("d", "c") && !seen("c", "d"));
    assert!(circles(&arrows).is_empty());
    crate_.items(&names("a/deep"), syn::parse_file("use crate::b::made;").expect("Rust").items);
    assert_eq!(circles(&crate_.arrows()), ["a/deep", "b"]);
}
