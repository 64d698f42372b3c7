//! A server over TLS on loopback: it shows a certificate, asks for one if told to, and answers
//! every request with `{"ok":true}`.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, Stream};

/// Serves with the certificate `stem.pem` and the key `stem.key` on a port from the system; lets
/// only those in who show a certificate of `clients`, if there is such a file.
pub(crate) fn serve(stem: &Path, clients: Option<&Path>) -> u16 {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ServerConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .expect("versions");
    let builder = match clients {
        None => builder.with_no_client_auth(),
        Some(file) => {
            let mut roots = RootCertStore::empty();
            roots.add_parsable_certificates(certificates(file));
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
            builder.with_client_cert_verifier(verifier.build().expect("a verifier"))
        }
    };
    let key = PrivateKeyDer::from_pem_file(stem.with_extension("key")).expect("a key");
    let chain = certificates(&stem.with_extension("pem"));
    let config = builder.with_single_cert(chain, key);
    let config = Arc::new(config.expect("a certificate with its key"));
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let port = listener.local_addr().expect("its address").port();
    std::thread::spawn(move || {
        for socket in listener.incoming() {
            let config = config.clone();
            let socket = socket.expect("a connection");
            std::thread::spawn(move || answer(socket, config));
        }
    });
    port
}

fn certificates(file: &Path) -> Vec<CertificateDer<'static>> {
    CertificateDer::pem_file_iter(file)
        .expect("a file")
        .collect::<Result<_, _>>()
        .expect("PEM text")
}

/// One request, or a handshake that the other side broke off.
fn answer(mut socket: TcpStream, config: Arc<ServerConfig>) -> Option<()> {
    let mut tls = ServerConnection::new(config).expect("a connection");
    let mut stream = Stream::new(&mut tls, &mut socket);
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).ok()?;
        head.push(byte[0]);
    }
    let body = "{\"ok\":true}";
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
    .ok()?;
    tls.send_close_notify();
    tls.complete_io(&mut socket).ok()?;
    Some(())
}
