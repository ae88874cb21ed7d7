//! What cannot be read is refused with 400 or 422, whatever it is: never a fault of ours. Doors: `every_door`.

use axum::body::Body;
use axum::http::Method;

use crate::office::Office;

/// Bodies that are no arguments of anything.
pub fn bodies() -> Vec<(&'static str, Vec<u8>)> {
    let utf16 = "{\"id\":1}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    vec![
        ("nothing", Vec::new()),
        ("no JSON", b"id=1&section=clients".to_vec()),
        ("cut", b"{\"section\":\"clients\",\"id\":".to_vec()),
        (
            "other types",
            b"{\"section\":7,\"id\":\"x\",\"edit\":[],\"wish\":1,\"change\":null,\"key\":{},\"on\":\"yes\"}".to_vec(),
        ),
        ("a list", b"[1,2,3]".to_vec()),
        ("a lone surrogate", b"{\"section\":\"\\ud800\",\"id\":1,\"query\":\"\\ud800\"}".to_vec()),
        ("a byte order mark", b"\xef\xbb\xbf{\"section\":\"clients\",\"id\":1}".to_vec()),
        ("UTF-16", utf16),
        ("no UTF-8", b"{\"section\":\"\xff\xfe\",\"id\":1}".to_vec()),
        ("deep", [vec![b'['; 5_000], vec![b']'; 5_000]].concat()),
        ("huge numbers", b"{\"section\":\"clients\",\"id\":99999999999999999999,\"seq\":-1e999}".to_vec()),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn no_call_answers_hostile_bodies_with_a_fault() {
    // All that there are: a new one is in it without being listed.
    let calls: Vec<&str> = leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path).collect();
    assert!(calls.len() > 40 && calls.iter().all(|path| path.starts_with("/call/")), "{calls:?}");
    for office in Office::both().await {
        let mut anna = office.anna().await;
        anna.client(&[("name", "Маяк")]).await;
        let before = office.changes().await;
        for (what, body) in bodies() {
            for path in &calls {
                let json = [("content-type", "application/json"), ("accept", "application/json")];
                let page = anna.send(Method::POST, path, Body::from(body.clone()), &json).await;
                assert!(!page.status.is_server_error(), "{path}, {what}: {} {}", page.status, page.body);
                assert_eq!(office.changes().await, before, "{path}, {what}");
            }
        }
    }
}
