//! Servers in front of a server: TLS, or a socket file, and the bytes go on to a port.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

/// Listens on a socket file for as long as the test runs.
pub(crate) fn from_socket(path: &Path, to: u16) {
    let listener = UnixListener::bind(path).expect("a socket file");
    std::thread::spawn(move || {
        for near in listener.incoming() {
            let near = near.expect("a connection");
            let far = TcpStream::connect(("127.0.0.1", to)).expect("it listens");
            let (near_too, far_too) = both(&near, &far);
            std::thread::spawn(move || {
                copy(near_too, &far_too);
                let _ = far_too.shutdown(Shutdown::Write);
            });
            std::thread::spawn(move || {
                copy(far, &near);
                let _ = near.shutdown(Shutdown::Write);
            });
        }
    });
}

fn both(near: &UnixStream, far: &TcpStream) -> (UnixStream, TcpStream) {
    let near = near.try_clone().expect("another handle");
    (near, far.try_clone().expect("another handle"))
}

/// Until one of them ends, in whatever way.
fn copy(mut from: impl Read, mut to: impl Write) {
    let _ = std::io::copy(&mut from, &mut to);
}

/// Listens with TLS, with the certificate of `stem.pem` and `stem.key`, and gives its port.
pub(crate) fn from_tls(stem: &Path, to: u16) -> u16 {
    let chain = CertificateDer::from_pem_file(stem.with_extension("pem")).expect("a certificate");
    let key = PrivateKeyDer::from_pem_file(stem.with_extension("key")).expect("a key");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![chain], key)
        .expect("they belong together");
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let port = listener.local_addr().expect("its address").port();
    listener.set_nonblocking(true).expect("it can be");
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
            while let Ok((near, _)) = listener.accept().await {
                let acceptor = acceptor.clone();
                tokio::spawn(async move {
                    // Who does not finish the handshake gets nothing more.
                    let Ok(mut near) = acceptor.accept(near).await else {
                        return;
                    };
                    let far = tokio::net::TcpStream::connect(("127.0.0.1", to)).await;
                    let mut far = far.expect("it listens");
                    let _ = tokio::io::copy_bidirectional(&mut near, &mut far).await;
                });
            }
        });
    });
    port
}
