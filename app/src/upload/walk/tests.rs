//! Walks in a browser, over its private file system and over lists of files.

use js_sys::Object;
use wasm_bindgen_test::wasm_bindgen_test;

use super::*;

async fn root() -> FileSystemDirectoryHandle {
    let root = JsFuture::from(window().navigator().storage().get_directory()).await;
    root.unwrap().unchecked_into()
}

fn create() -> Object {
    let options = Object::new();
    Reflect::set(&options, &"create".into(), &true.into()).unwrap();
    options
}

async fn folder(above: &FileSystemDirectoryHandle, name: &str) -> FileSystemDirectoryHandle {
    let made = above.get_directory_handle_with_options(name, create().unchecked_ref());
    JsFuture::from(made).await.unwrap().unchecked_into()
}

/// A folder of the private file system that was not there before.
async fn fresh(name: &str) -> FileSystemDirectoryHandle {
    let root = root().await;
    let all = Object::new();
    Reflect::set(&all, &"recursive".into(), &true.into()).unwrap();
    let gone = root.remove_entry_with_options(name, all.unchecked_ref());
    // Refused when there was none.
    let _ = JsFuture::from(gone).await;
    folder(&root, name).await
}

async fn write(folder: &FileSystemDirectoryHandle, name: &str, text: &str) -> FileSystemFileHandle {
    let made = folder.get_file_handle_with_options(name, create().unchecked_ref());
    let handle: FileSystemFileHandle = JsFuture::from(made).await.unwrap().unchecked_into();
    if !text.is_empty() {
        let stream = JsFuture::from(handle.create_writable()).await.unwrap();
        let call = |name: &str, argument: &JsValue| {
            let method: Function = Reflect::get(&stream, &name.into())
                .unwrap()
                .unchecked_into();
            let promise = method.call1(&stream, argument).unwrap();
            JsFuture::from(promise.unchecked_into::<Promise>())
        };
        call("write", &text.into()).await.unwrap();
        call("close", &JsValue::UNDEFINED).await.unwrap();
    }
    handle
}

fn over(folder: FileSystemDirectoryHandle) -> Walk {
    Walk::chosen(std::iter::once(folder.unchecked_into()))
}

async fn all(walk: &mut Walk) -> Vec<FoundFile> {
    let mut all = Vec::new();
    loop {
        let found = walk.step().await;
        assert!(found.len() <= STEP);
        if found.is_empty() {
            return all;
        }
        all.extend(found);
    }
}

fn paths(found: &[FoundFile]) -> Vec<&str> {
    let mut paths: Vec<_> = found
        .iter()
        .map(|f| f.facts.relative_path.as_str())
        .collect();
    paths.sort_unstable();
    paths
}

/// A list of files as an event carries one.
fn transfer(files: &[(&str, &str)]) -> DataTransfer {
    let transfer = DataTransfer::new().unwrap();
    for (name, text) in files {
        let file = File::new_with_str_sequence(&Array::of1(&(*text).into()), name).unwrap();
        transfer.items().add_with_file(&file).unwrap();
    }
    transfer
}

#[wasm_bindgen_test]
async fn folders_are_walked_and_each_file_keeps_its_handle() {
    let photos = fresh("photos").await;
    let june = folder(&photos, "june").await;
    write(&photos, "a.txt", "abc").await;
    write(&june, "b.txt", "").await;
    write(&june, ".DS_Store", "xy").await;
    folder(&june, "empty").await;
    write(&folder(&photos, ".cache").await, "c", "c").await;

    let mut walk = over(photos);
    let found = all(&mut walk).await;
    assert_eq!(
        paths(&found),
        [
            "photos/.cache/c",
            "photos/a.txt",
            "photos/june/.DS_Store",
            "photos/june/b.txt",
            "photos/june/empty/"
        ]
    );
    assert_eq!(
        *walk.told(),
        Told {
            files: 5,
            bytes: 6,
            junk: 1,
            hidden: 2,
            folders: 4,
            unreadable: 0,
            unreadable_again: 0,
            unreadable_paths: Vec::new()
        }
    );
    let file = |path: &str| {
        found
            .iter()
            .find(|f| f.facts.relative_path == path)
            .unwrap()
    };
    let a = file("photos/a.txt");
    assert!(!a.is_junk && !a.is_hidden);
    assert_eq!(a.facts.content_type.as_deref(), Some("text/plain"));
    assert!(a.facts.modified > 1_700_000_000_000);
    assert_eq!(a.source.handle().await.unwrap().name(), "a.txt");
    assert_eq!(a.source.file().await.unwrap().size(), 3.0);
    assert!(file("photos/june/.DS_Store").is_junk);
    assert!(file("photos/.cache/c").is_hidden);
    let empty = file("photos/june/empty/");
    assert!(empty.source.handle().await.is_none());
    // Asked for later, it is of the same time: else it would count as changed.
    let then = empty.source.file().await.unwrap().last_modified();
    while js_sys::Date::now() <= then {
        turn().await;
    }
    let again = FoundFile::of(empty.source.file().await.unwrap()).facts;
    assert_eq!((again.size, again.modified), (0, empty.facts.modified));
}

#[wasm_bindgen_test]
async fn a_file_that_went_away_is_unreadable() {
    let place = fresh("goes").await;
    let kept = write(&place, "kept", "k").await;
    let gone = write(&place, "gone", "g").await;
    let in_folder = FileSource::InFolder(Rc::new(place.clone()), "gone".into());
    let sources = [FileSource::Handle(gone.clone()), in_folder];
    for source in &sources {
        assert!(source.file().await.is_ok());
    }
    JsFuture::from(place.remove_entry("gone")).await.unwrap();
    for source in &sources {
        assert_eq!(source.file().await.unwrap_err(), Unreadable);
    }

    let handles = [gone, kept].map(JsCast::unchecked_into);
    let mut walk = Walk::chosen(handles.into_iter());
    assert_eq!(paths(&all(&mut walk).await), ["kept"]);
    assert_eq!(walk.told().unreadable, 1);
    assert_eq!(walk.told().unreadable_paths, ["gone"]);
}

#[wasm_bindgen_test]
async fn what_is_dropped_without_a_handle_is_a_file() {
    let data = transfer(&[("one.bin", "1"), ("._two", "22")]);
    data.items()
        .add_with_str_and_type("text", "text/plain")
        .unwrap();
    assert!(has_files(&data));
    let mut walk = Walk::dropped(&data);
    let found = all(&mut walk).await;
    assert_eq!(paths(&found), ["._two", "one.bin"]);
    assert_eq!((walk.told().junk, walk.told().bytes), (1, 3));

    let text = DataTransfer::new().unwrap();
    text.items()
        .add_with_str_and_type("text", "text/plain")
        .unwrap();
    assert!(!has_files(&text), "a pasted text stays a text");
}

#[wasm_bindgen_test]
async fn a_list_is_handed_on_in_steps_also_when_the_input_was_emptied() {
    let names: Vec<String> = (0..1_201).map(|n| format!("f{n}")).collect();
    let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "x")).collect();
    let data = transfer(&files);
    let mut walk = Walk::picked(&data.files().unwrap());
    data.items().clear().unwrap();
    let mut steps = Vec::new();
    let mut seen = Vec::new();
    loop {
        let found = walk.step().await;
        if found.is_empty() {
            break;
        }
        steps.push(found.len());
        seen.extend(found.into_iter().map(|found| found.facts.relative_path));
    }
    assert_eq!(steps, [500, 500, 201]);
    assert_eq!(seen, names, "in their order");
}

#[wasm_bindgen_test]
async fn a_walk_can_be_stopped() {
    let names: Vec<String> = (0..1_200).map(|n| format!("f{n}")).collect();
    let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "")).collect();
    let mut walk = Walk::picked(&transfer(&files).files().unwrap());
    let stop = walk.stop();
    assert_eq!(walk.step().await.len(), STEP);
    stop.stop();
    assert_eq!(walk.step().await.len(), 0);
    assert_eq!(walk.step().await.len(), 0);
    assert_eq!(walk.told().files, STEP);
}

#[wasm_bindgen_test]
async fn the_page_has_turns_while_folders_are_walked() {
    let many = fresh("many").await;
    for n in 0..1_500 {
        write(&many, &format!("f{n}"), "").await;
    }
    // A task of its own that only runs when the walk leaves the page to itself.
    let turns = Rc::new(Cell::new(0));
    let running = Rc::new(Cell::new(true));
    let (counts, runs) = (Rc::clone(&turns), Rc::clone(&running));
    wasm_bindgen_futures::spawn_local(async move {
        while runs.get() {
            turn().await;
            counts.set(counts.get() + 1);
        }
    });
    let found = all(&mut over(many)).await;
    running.set(false);
    assert_eq!(found.len(), 1_500);
    assert!(turns.get() >= 3, "{} turns", turns.get());
}
