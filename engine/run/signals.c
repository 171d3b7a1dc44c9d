/**
 * @file signals.c
 * See signals.h. The handler uses nothing but a flag and _exit: both are safe in a handler.
 */
#include "engine/run/signals.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

static volatile sig_atomic_t stop_asked;
static volatile sig_atomic_t supervised;
static volatile sig_atomic_t reload_asked;

static void stop_handle(int number)
{
	if (stop_asked && !supervised) {
		_exit(128 + number);
	}
	stop_asked = 1;
}

static void reload_handle(int number)
{
	(void)number;
	reload_asked = 1;
}

void tw_signals_reload(void)
{
	struct sigaction action;
	memset(&action, 0, sizeof(action));
	sigemptyset(&action.sa_mask);
	action.sa_handler = reload_handle;
	action.sa_flags = SA_RESTART; /* nothing has to end for it: it is looked at between two batches */
	sigaction(SIGHUP, &action, NULL);
}

bool tw_reload_asked(void)
{
	bool asked = reload_asked != 0;
	reload_asked = 0;
	return asked;
}

void tw_signals_install(void)
{
	struct sigaction action;
	memset(&action, 0, sizeof(action));
	sigemptyset(&action.sa_mask);
	action.sa_handler = stop_handle; /* without SA_RESTART: a wait ends and looks */
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	action.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &action, NULL);
}

void tw_signals_supervised(void)
{
	supervised = 1;
	stop_asked = 0;
	reload_asked = 0;
	tw_signals_install();
	tw_signals_reload();
}

bool tw_stop_asked(void)
{
	return stop_asked != 0;
}
