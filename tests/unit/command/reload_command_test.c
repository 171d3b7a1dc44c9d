/* Whom SIGHUP is sent to; an answer is waited for in tests/reload.py. */
#include "engine/command/reload_command.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/run/signals.h"
#include "engine/run/worker.h"

TestSuite(reload_command);

Test(reload_command, only_a_process_that_caught_or_blocked_it_listens)
{
	sigset_t hangup;
	signal(SIGHUP, SIG_DFL);
	cr_assert_not(tw_reload_listens(getpid()));
	sigemptyset(&hangup);
	sigaddset(&hangup, SIGHUP);
	sigprocmask(SIG_BLOCK, &hangup, NULL);
	cr_assert(tw_reload_listens(getpid()), "a supervisor waits for it");
	sigprocmask(SIG_UNBLOCK, &hangup, NULL);
	cr_assert_not(tw_reload_listens(getpid()));
	tw_signals_reload();
	cr_assert(tw_reload_listens(getpid()), "an engine catches it");
	cr_assert_not(tw_reload_listens(0));
}

/* A child that would die of the signal lives on, and is told apart from one that was asked. */
Test(reload_command, a_process_that_would_die_of_it_is_not_sent_it)
{
	struct tw_settings settings;
	struct tw_error err;
	int status, gate[2];
	char sign;
	cr_assert_eq(tw_settings_init(&settings, &err), TW_OK);
	cr_assert_eq(pipe(gate), 0);
	signal(SIGHUP, SIG_DFL);
	pid_t child = fork();
	if (child == 0) {
		close(gate[1]);
		_exit(read(gate[0], &sign, 1) == 0 ? 7 : 8);
	}
	close(gate[0]);
	cr_assert_not_null(freopen("/dev/null", "w", stderr));
	cr_assert_eq(tw_reload_command(&settings, child, 0, stdout), TW_EXIT_NO_INPUT);
	close(gate[1]);
	cr_assert_eq(waitpid(child, &status, 0), child);
	cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == 7, "it ended by itself");
	cr_assert_eq(tw_reload_command(&settings, 0, 0, stdout), TW_EXIT_USAGE, "nobody is named");
	tw_settings_fini(&settings);
}

Test(reload_command, one_that_listens_is_asked)
{
	struct tw_settings settings;
	struct tw_error err;
	FILE *out = fopen("/dev/null", "w");
	cr_assert_not_null(out);
	cr_assert_eq(tw_settings_init(&settings, &err), TW_OK);
	tw_signals_reload();
	(void)tw_reload_asked();
	cr_assert_eq(tw_reload_command(&settings, getpid(), 60, out), TW_EXIT_OK, "no file is set: nothing to wait for");
	cr_assert(tw_reload_asked());
	fclose(out);
	tw_settings_fini(&settings);
}
