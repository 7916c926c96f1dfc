'use strict'

// For tests alone: a key that is no secret, and a certificate of localhost with it.

const privateKey = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgMRb64w64s5tYF3SJ
Cz3lf5vZrAdd+CoeciDRDjZJYTShRANCAAQJS+z6LSip8H5stgpqxkYZ630O92zJ
CKngUiTjWioSmBSZ+0aYA8+5bv+0XtA6Z+mzckDNex+fW/Etqz/EkK0D
-----END PRIVATE KEY-----
`

const certificate = `-----BEGIN CERTIFICATE-----
MIIBgDCCASWgAwIBAgIUdrQNByrii6B8JxnAp/LNc2+cIjQwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyNDIyNDU1OVoYDzIxMjYxMDMx
MjI0NTU5WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAQJS+z6LSip8H5stgpqxkYZ630O92zJCKngUiTjWioSmBSZ+0aYA8+5
bv+0XtA6Z+mzckDNex+fW/Etqz/EkK0Do1MwUTAdBgNVHQ4EFgQUNwwAySKPLcIx
pFTCpYahqKimWdEwHwYDVR0jBBgwFoAUNwwAySKPLcIxpFTCpYahqKimWdEwDwYD
VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNJADBGAiEAsflpPJtV7AsSRED956Z+
b1WeH3X5AtA9BVPJF67GnKgCIQDJXiQR3KRzAzhGig/BaI6J+FiAub8C+G4bxNVC
i1I9hw==
-----END CERTIFICATE-----
`

module.exports = { privateKey, certificate }
