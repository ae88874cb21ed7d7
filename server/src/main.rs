#[tokio::main]
async fn main() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3111").await.unwrap();
    axum::serve(listener, server::router()).await.unwrap();
}
