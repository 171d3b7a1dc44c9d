/**
 * @file main.c
 * argv -> subcommand -> exit code.
 */
#include <stdio.h>

int main(void)
{
	puts("tidewaiter " TW_VERSION);
	return 0;
}
