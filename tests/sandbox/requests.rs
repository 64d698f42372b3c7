//! Ways of a request to go elsewhere than its address says: headers, injected lines, addresses of
//! names, proxies.

use crate::attempts;
use crate::prison::{in_vain, refused};

attempts! { refused;
    a_host_header: "alice:get('/', { headers = { host = 'evil.test' } })" => "the host `evil.test` is not of target `t`";
    a_host_header_in_capitals: "alice:get('/', { headers = { HOST = 'evil.test' } })" => "the host `evil.test` is not of target `t`";
    a_host_header_of_the_client: "j:client('bob', { headers = { Host = 'evil.test' } })" => "the host `evil.test` is not of target `t`";
    a_second_host_header: "alice:get('/', { headers = { host = { '127.0.0.1', 'evil.test' } } })" => "the host `evil.test` is not of target `t`";
    a_host_header_with_a_user: "alice:get('/', { headers = { host = '127.0.0.1@evil.test' } })" => "is not of target `t`";
    a_host_header_of_a_web_socket: "alice:websocket('/', { headers = { host = 'evil.test' } })" => "the host `evil.test` is not of target `t`";
    a_host_header_of_events: "alice:events('/', { headers = { host = 'evil.test' } })" => "the host `evil.test` is not of target `t`";
    an_authority: "alice:get('/', { headers = { [':authority'] = 'evil.test' } })" => "the host `evil.test` is not of target `t`";
    an_authority_of_the_target: "alice:get('/', { headers = { [':authority'] = '127.0.0.1' } })" => ":authority";
    a_line_in_a_header: "alice:get('/', { headers = { x = 'a\\r\\nHost: evil.test' } })" => "`x`";
    a_line_in_the_name_of_a_header: "alice:get('/', { headers = { ['x: a\\r\\nHost'] = 'evil.test' } })" => "header";
    a_line_in_a_header_of_a_web_socket: "alice:websocket('/', { headers = { x = 'a\\r\\nHost: evil.test' } })" => "`x`";
    a_line_in_a_subprotocol: "alice:websocket('/', { subprotocols = { 'a\\r\\nHost: evil.test' } })" => "is no name of a subprotocol";
    a_line_in_a_method: "alice:request('GET http://EVIL/ HTTP/1.1\\r\\n', '/')" => "is no method of a request";
    a_tunnel: "alice:request('CONNECT', '/')" => "is no method of a request";
    a_line_in_a_bearer: "alice:get('/', { bearer = 'a\\r\\nHost: evil.test' })" => "authorization";
    a_line_in_a_cookie: "alice:get('/', { cookies = { a = 'b\\r\\nHost: evil.test' } })" => "cookie";
    an_address_of_a_name: "j:client('bob', { resolve = { ['app.test'] = '127.0.0.2' } })" => "the host `127.0.0.2` is not of target `t`";
    an_address_of_the_targets_name: "j:client('bob', { resolve = { ['127.0.0.1'] = '127.0.0.2' } })" => "the host `127.0.0.2` is not of target `t`";
    an_address_as_ipv6: "j:client('bob', { resolve = { ['app.test'] = '::ffff:127.0.0.2' } })" => "is not of target `t`";
    a_name_with_an_address_of_the_target: "j:client('bob', { resolve = { ['evil.test'] = '127.0.0.1' } }):get('http://evil.test:TRAP/')" => "the host `evil.test` is not of target `t`";
    a_proxy: "j:client('bob', { proxy = 'http://EVIL' }):get('/')" => "proxy";
    a_proxy_of_one_request: "alice:get('/', { proxy = 'http://EVIL' })" => "proxy";
    a_proxy_by_another_name: "j:client('bob', { proxy = 'http://localhost:TRAP' }):get('/')" => "proxy";
    another_target: "j:client('bob', { target = 'production' })" => "target";
}

attempts! { in_vain;
    a_line_in_a_path: "assert(alice:get('/ HTTP/1.1\\r\\nHost: evil.test\\r\\n\\r\\n').url:find('^http://TARGET'))" => "it is encoded";
    a_line_in_a_query: "alice:get('/', { query = { a = 'b\\r\\nHost: evil.test' } })" => "it is encoded";
    headers_that_proxies_believe: "alice:get('/', { headers = { ['x-forwarded-host'] = 'evil.test', forwarded = 'host=evil.test' } })" => "they are for testing";
}

/// A proxy named by the environment would hear everything, so none is asked.
#[test]
fn a_proxy_of_the_environment() {
    let prison = crate::prison::Prison::new().journey("assert(alice:get('/').text == 'ok')");
    let ran = prison.run_with(&[("http_proxy", "http://EVIL"), ("ALL_PROXY", "http://EVIL")]);
    assert_eq!(ran.code, Some(0), "{}", ran.shown());
    assert_eq!(prison.arrived(), 0);
}
