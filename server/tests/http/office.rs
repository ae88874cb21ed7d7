//! A server with three employees, and browsers that know only HTML.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use app::asked::Server;
use app::users::{password, queries};
use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use domain::change::{Patch, Source};
use domain::fields::Registry;
use domain::rights::{Actor, Limits, Role};
use scraper::{Html, Selector};
use server::http::router;
use store::testing::{TestDb, both};
use store::write::{self, Act, Context};
use tower::ServiceExt;

pub const PASSWORD: &str = "верный пароль";

pub struct Office {
    pub server: Server,
    router: Router,
    pub base: TestDb,
}

pub fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_millis() as i64
}

impl Office {
    /// One on SQLite, one on PostgreSQL, with `owner`, `anna` and `dima`.
    pub async fn both() -> Vec<Self> {
        let mut offices = Vec::new();
        for base in both().await {
            offices.push(Self::on(base).await);
        }
        offices
    }

    pub async fn on(base: TestDb) -> Self {
        // As `klientura migrate` does.
        let all = app::sections::registry();
        let all = {
            let mut conn = base.db.read().await.expect("a connection");
            store::registry::load_all(&mut conn, &all).await.expect("a registry")
        };
        store::ddl::complete(&base.db, &all).await.expect("indexes");
        let hash = password::hash(PASSWORD.into()).await.expect("room");
        for (login, name, role) in [
            ("owner", "Елена Орлова", Role::Admin),
            ("anna", "Анна Крылова", Role::Manager),
            ("dima", "Дмитрий Савин", Role::Manager),
        ] {
            queries::add_user(&base.db, login, name, role, hash.clone(), now()).await.expect("an account");
        }
        let server =
            Server::new(base.db.clone(), app::sections::registry(), app::sections::CODE, now).expect("a server");
        Self { router: router(server.clone()), server, base }
    }

    /// A second server on the same base, with a registry and connections of its own to learn of changes.
    pub fn another_process(&self) -> Elsewhere {
        let (db, clock) = (self.server.db.clone(), self.server.clock);
        let server = Server::new(db, app::sections::registry(), app::sections::CODE, clock).expect("a server");
        Elsewhere { router: router(server.clone()), server }
    }

    /// A second server on the same base, whose clock goes otherwise.
    pub fn with_clock(&self, clock: fn() -> i64) -> Elsewhere {
        let server = Server { clock, ..self.another_process().server };
        Elsewhere { router: router(server.clone()), server }
    }

    /// Lets a user see less.
    pub async fn limit(&self, login: &'static str, limits: serde_json::Value) {
        let limits = limits.to_string();
        self.server
            .db
            .write(move |conn| {
                let limits = limits.clone();
                Box::pin(async move {
                    conn.execute("UPDATE users SET limits = $2 WHERE login = $1", store::values![login, limits])
                        .await?;
                    Ok::<_, store::Error>(())
                })
            })
            .await
            .expect("limits");
    }

    /// What a user writes with, straight to the store; the operation is called `op`.
    pub async fn context(&self, user: i64, role: Role, op: &str) -> Context {
        let actor = Actor { id: user, role, limits: Limits::default() };
        let mut conn = self.server.db.read().await.expect("a connection");
        let registry = store::registry::load(&mut conn, &app::sections::registry()).await.expect("a registry").uncut();
        let (source, op) = (Source::Form, op.to_string());
        Context { actor, now: now(), source, op, sent: None, registry: Arc::new(registry) }
    }

    /// The same without asking the database.
    pub fn context_of(&self, registry: Registry, user: i64, role: Role) -> Context {
        let actor = Actor { id: user, role, limits: Limits::default() };
        Context { actor, now: now(), source: Source::Form, op: "op".into(), sent: None, registry: Arc::new(registry) }
    }

    /// Clients with a name and nothing else, from number 1.
    pub async fn make_clients(&self, count: i64) {
        let context = Arc::new(self.context(1, Role::Admin, "made").await);
        let context = Arc::new(Context { source: Source::Seed, ..(*context).clone() });
        let act = |place: i64| {
            let patch = Patch::typed(&"name".into(), &format!("Клиент {place}"));
            (context.clone(), Act::Create { section: app::clients::section().key, patch })
        };
        write::load(&self.base.db, (1..=count).map(act).collect()).await.expect("clients");
    }

    pub fn stranger(&self) -> Browser {
        Browser { router: self.router.clone(), cookie: None, peer: None }
    }

    pub async fn browser(&self, login: &str) -> Browser {
        sign_in(self.stranger(), login).await
    }

    /// Somebody who signs in from this address.
    pub async fn browser_from(&self, peer: &str, login: &str) -> Browser {
        sign_in(Browser { peer: Some(peer.to_string()), ..self.stranger() }, login).await
    }

    /// The same server in another place of the network.
    pub fn behind(&self, outside: app::outside::Outside) -> Elsewhere {
        let server = Server { outside: outside.into(), ..self.server.clone() };
        Elsewhere { router: router(server.clone()), server }
    }

    pub async fn anna(&self) -> Browser {
        self.browser("anna").await
    }

    /// How many entries the history has.
    pub async fn changes(&self) -> i64 {
        let mut conn = self.server.db.read().await.expect("a connection");
        let row = conn.one("SELECT COUNT(seq) AS found FROM change", sea_query::Values(vec![])).await.expect("a count");
        row.get("found").expect("a number")
    }
}

/// Another process on an office's base.
pub struct Elsewhere {
    pub server: Server,
    router: Router,
}

impl Elsewhere {
    pub fn stranger(&self) -> Browser {
        Browser { router: self.router.clone(), cookie: None, peer: None }
    }

    pub async fn browser(&self, login: &str) -> Browser {
        sign_in(self.stranger(), login).await
    }
}

async fn sign_in(mut browser: Browser, login: &str) -> Browser {
    let page = browser.post("/login", &[("login", login), ("password", PASSWORD)]).await;
    assert_eq!((page.status, page.location.as_deref()), (StatusCode::SEE_OTHER, Some("/today")), "{login} signs in");
    browser
}

/// Remembers its cookie and follows nothing by itself.
#[derive(Clone)]
pub struct Browser {
    router: Router,
    pub cookie: Option<String>,
    /// From where it comes, when it matters.
    pub peer: Option<String>,
}

pub struct Page {
    pub status: StatusCode,
    pub location: Option<String>,
    pub headers: axum::http::HeaderMap,
    pub body: String,
}

impl Browser {
    pub async fn get(&mut self, path: &str) -> Page {
        self.send(Method::GET, path, Body::empty(), &[]).await
    }

    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        self.post_from(path, fields, &[]).await
    }

    pub async fn post_from(&mut self, path: &str, fields: &[(&str, &str)], headers: &[(&str, &str)]) -> Page {
        let pairs: Vec<(String, String)> =
            fields.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
        let body = domain::list::encode(&pairs);
        let form = [("content-type", "application/x-www-form-urlencoded")];
        let headers = [&form[..], headers].concat();
        self.send(Method::POST, path, Body::from(body.trim_start_matches('?').to_string()), &headers).await
    }

    pub async fn send(&mut self, method: Method, path: &str, body: Body, headers: &[(&str, &str)]) -> Page {
        let mut request = Request::builder().method(method).uri(path).header(header::HOST, "klientura.test");
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut request = request.body(body).expect("a request");
        if let Some(peer) = &self.peer {
            let peer = std::net::SocketAddr::new(peer.parse().expect("an address"), 4711);
            request.extensions_mut().insert(axum::extract::ConnectInfo(peer));
        }
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        if let Some(cookie) = parts.headers.get(header::SET_COOKIE) {
            let cookie = cookie.to_str().expect("text").split(';').next().unwrap_or_default().to_string();
            self.cookie = Some(cookie).filter(|cookie| !cookie.ends_with('='));
        }
        let bytes = axum::body::to_bytes(body, usize::MAX).await.expect("a body");
        Page {
            status: parts.status,
            location: parts.headers.get(header::LOCATION).map(|to| to.to_str().expect("text").to_string()),
            headers: parts.headers,
            body: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    /// Calls a server function as a page does.
    pub async fn call(&mut self, name: &str, body: serde_json::Value) -> Page {
        let headers = [("content-type", "application/json"), ("accept", "application/json")];
        // As the page does, with a key of its own; what reads takes no notice of it.
        let mut body = body;
        if let Some(arguments) = body.as_object_mut() {
            arguments.entry("key").or_insert_with(|| store::draft::random_id().expect("entropy").into());
        }
        self.send(Method::POST, &format!("/call/{name}"), Body::from(body.to_string()), &headers).await
    }

    /// Presses the plus; gives the new client's number.
    pub async fn create(&mut self) -> i64 {
        let key = store::draft::random_id().expect("random");
        let page = self.post("/clients", &[("_key", &key)]).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.body);
        number_in(page.location.as_deref().unwrap_or_default())
    }

    /// Opens the value's form and sends it with another text, as a person without JavaScript does.
    pub async fn edit(&mut self, id: i64, field: &str, typed: &str) -> Page {
        let form = self.get(&format!("/clients/{id}?edit={field}")).await;
        assert_eq!(form.status, StatusCode::OK);
        let hidden = form.form_with(field);
        self.send_form(id, &hidden, field, typed).await
    }

    pub async fn send_form(&mut self, id: i64, hidden: &[(String, String)], field: &str, typed: &str) -> Page {
        let mut fields: Vec<(&str, &str)> =
            hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        fields.push((field, typed));
        self.post(&format!("/clients/{id}"), &fields).await
    }

    /// Creates a client with these values.
    pub async fn client(&mut self, values: &[(&str, &str)]) -> i64 {
        let id = self.create().await;
        for (field, typed) in values {
            let page = self.edit(id, field, typed).await;
            assert_eq!(page.location.as_deref(), Some(format!("/clients/{id}").as_str()), "{field}: {}", page.body);
        }
        id
    }

    /// The numbers that a list shows.
    pub async fn found(&mut self, query: &str) -> Vec<i64> {
        let page = self.get(&format!("/clients{query}")).await;
        assert_eq!(page.status, StatusCode::OK, "{query}");
        page.rows()
    }
}

/// 18 in `/clients/18?edit=name`.
pub fn number_in(path: &str) -> i64 {
    let rest = path.strip_prefix("/clients/").unwrap_or_else(|| panic!("{path}"));
    rest.split('?').next().and_then(|id| id.parse().ok()).unwrap_or_else(|| panic!("{path}"))
}

impl Page {
    pub fn html(&self) -> Html {
        Html::parse_document(&self.body)
    }

    /// The texts of what a selector finds, blanks made one.
    pub fn texts(&self, selector: &str) -> Vec<String> {
        let selector = Selector::parse(selector).expect("a selector");
        let html = self.html();
        html.select(&selector)
            .map(|found| found.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" "))
            .collect()
    }

    pub fn text(&self, selector: &str) -> String {
        self.texts(selector).into_iter().next().unwrap_or_else(|| panic!("no {selector} in {}", self.body))
    }

    pub fn attributes(&self, selector: &str, name: &str) -> Vec<String> {
        let selector = Selector::parse(selector).expect("a selector");
        self.html().select(&selector).filter_map(|found| found.attr(name).map(str::to_string)).collect()
    }

    pub fn attribute(&self, selector: &str, name: &str) -> String {
        self.attributes(selector, name)
            .into_iter()
            .next()
            .unwrap_or_else(|| panic!("no {selector} with {name} in {}", self.body))
    }

    pub fn has(&self, selector: &str) -> bool {
        self.html().select(&Selector::parse(selector).expect("a selector")).next().is_some()
    }

    /// The numbers of a list's rows.
    pub fn rows(&self) -> Vec<i64> {
        self.attributes("tr[data-id]", "data-id").iter().map(|id| id.parse().expect("a number")).collect()
    }

    /// The hidden inputs of the form that holds the input of this name.
    pub fn form_with(&self, field: &str) -> Vec<(String, String)> {
        let html = self.html();
        let forms = Selector::parse("form").expect("a selector");
        let own = Selector::parse(&format!("[name={field}]")).expect("a selector");
        let hidden = Selector::parse("input[type=hidden]").expect("a selector");
        let form = html.select(&forms).find(|form| form.select(&own).next().is_some());
        let form = form.unwrap_or_else(|| panic!("no form with {field} in {}", self.body));
        form.select(&hidden)
            .map(|input| {
                (
                    input.attr("name").unwrap_or_default().to_string(),
                    input.attr("value").unwrap_or_default().to_string(),
                )
            })
            .collect()
    }
}
