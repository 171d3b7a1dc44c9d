/**
 * @file criterion.c
 * In both Criterion programs, and nothing that a test could see. Criterion brings libgit2, which, where it is built on mbed TLS, reads the machine's
 * list of certificate authorities as it starts; Criterion starts it in the process of every test. Nobody here speaks TLS through it: with an empty
 * list an empty test takes 10 ms of processor time, with the machine's 15.
 * Source: mbed TLS 2.28, x509_crt.h, whose function this stands for; libgit2 1.5, src/libgit2/streams/mbedtls.c.
 */
struct mbedtls_x509_crt;

int mbedtls_x509_crt_parse_file(struct mbedtls_x509_crt *chain, const char *path);

int mbedtls_x509_crt_parse_file(struct mbedtls_x509_crt *chain, const char *path)
{
	(void)chain;
	(void)path;
	return 0;
}
