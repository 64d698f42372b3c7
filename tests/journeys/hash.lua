-- Digests, by the test vectors of their standards (RFC 1321, FIPS 180, RFC 2202 and 4231).
journey("digests are those of the standards", { tags = { "engine" } }, function(j)
  j:expect(hex.encode(hash.md5("abc")), "900150983cd24fb0d6963f7d28e17f72")
  j:expect(hex.encode(hash.sha1("abc")), "a9993e364706816aba3e25717850c26c9cd0d89d")
  j:expect(hex.encode(hash.sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  j:expect(hex.encode(hash.sha512("abc")), "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
    .. "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f")
  j:expect(hex.encode(hash.md5("")), "d41d8cd98f00b204e9800998ecf8427e")
  j:expect(#hash.sha256("\0\255"), 32)
end)

journey("keyed digests are those of the standards", { tags = { "engine" } }, function(j)
  local text = "what do ya want for nothing?"
  j:expect(hex.encode(hash.hmac("md5", "Jefe", text)), "750c783e6ab0b503eaa86e310a5db738")
  j:expect(hex.encode(hash.hmac("sha1", "Jefe", text)), "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79")
  j:expect(hex.encode(hash.hmac("sha256", "Jefe", text)),
    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
  j:expect(hex.encode(hash.hmac("sha512", "Jefe", text)),
    "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
    .. "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737")
end)
