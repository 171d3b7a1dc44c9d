/* Workers that live and die on command: who is started again, who ends all, and that nobody is left. */
#include "engine/run/supervisor.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "engine/base/log.h"
#include "engine/run/signals.h"
#include "engine/run/worker.h"

static const char *const names[] = {"w-1", "w-2", "w-3"};

/* What the workers and the test see of each other. */
struct board {
	atomic_int lives[3];
	atomic_int pids[3];
	atomic_int stopped;
	atomic_int supervisor; /* of a supervisor in a process of its own */
};
static struct board *board;

static void board_make(void)
{
	board = mmap(NULL, sizeof(*board), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	cr_assert(board != MAP_FAILED);
	tw_log_setup(TW_LOG_ERROR + 1, false);
}

static void board_drop(void)
{
	munmap(board, sizeof(*board));
}

static void breathe(void)
{
	struct timespec moment = {.tv_nsec = 2000000};
	nanosleep(&moment, NULL);
}

static int life_begin(uint32_t worker)
{
	board->pids[worker] = getpid();
	return ++board->lives[worker];
}

static int until_stopped(void)
{
	while (!tw_stop_asked()) {
		breathe();
	}
	board->stopped++;
	return TW_EXIT_OK;
}

/* Whatever it is asked. */
static int until_killed(void)
{
	while (getppid() != 1) {
		breathe();
	}
	return TW_EXIT_OK;
}

static int run(int (*work)(void *, uint32_t), uint32_t count, int64_t grace_ms)
{
	struct tw_supervisor_options options = {.names = names, .count = count, .grace_ms = grace_ms, .work = work};
	return tw_supervisor_run(&options);
}

static bool nobody_left(void)
{
	return waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD;
}

static bool gone(pid_t pid)
{
	return kill(pid, 0) < 0 && errno == ESRCH;
}

/* ---- pure ---- */

Test(supervisor, pauses_double_to_half_a_minute_and_begin_anew_after_a_minute_of_life)
{
	static const uint32_t pauses[] = {100, 200, 400, 800, 1600, 3200, 6400, 12800, 25600, 30000, 30000};
	uint32_t pause = 0;
	for (size_t i = 0; i < sizeof(pauses) / sizeof(pauses[0]); i++) {
		pause = tw_supervisor_pause(pause, 59999);
		cr_assert_eq(pause, pauses[i], "%zu: %u", i, pause);
	}
	cr_assert_eq(tw_supervisor_pause(30000, 60000), 100);
	cr_assert_eq(tw_supervisor_pause(12800, 3600000), 100);
	cr_assert_eq(tw_supervisor_pause(UINT32_MAX, 0), 30000);
}

Test(supervisor, starts_again_what_may_pass_and_nothing_else)
{
	static const int passing[] = {TW_EXIT_OK, TW_EXIT_MEMORY, TW_EXIT_IO, 1, 143};
	static const int lasting[] = {TW_EXIT_USAGE, TW_EXIT_NO_INPUT, TW_EXIT_SOFTWARE, TW_EXIT_RETRY, TW_EXIT_CONFIG};
	for (size_t i = 0; i < sizeof(passing) / sizeof(passing[0]); i++) {
		cr_assert(tw_supervisor_may_restart(W_EXITCODE(passing[i], 0)), "exit %d", passing[i]);
		cr_assert(!tw_supervisor_may_restart(W_EXITCODE(lasting[i], 0)), "exit %d", lasting[i]);
	}
	cr_assert(tw_supervisor_may_restart(W_EXITCODE(0, SIGKILL)) && tw_supervisor_may_restart(W_EXITCODE(0, SIGSEGV)));
}

/* ---- processes ---- */

static int killed_twice_then_asks_for_the_end(void *context, uint32_t worker)
{
	(void)context;
	if (life_begin(worker) < 3 && worker == 0) {
		raise(SIGKILL);
	}
	if (worker == 0) {
		kill(getppid(), SIGTERM);
	}
	return until_stopped();
}

Test(supervisor, starts_a_killed_worker_again_and_leaves_the_others_alone, .init = board_make, .fini = board_drop, .timeout = 30)
{
	cr_assert_eq(run(killed_twice_then_asks_for_the_end, 3, 20000), 0);
	cr_assert(board->lives[0] == 3 && board->lives[1] == 1 && board->lives[2] == 1, "%d %d %d", board->lives[0], board->lives[1],
	          board->lives[2]);
	cr_assert_eq(board->stopped, 3, "every worker ends in order");
	cr_assert(nobody_left());
}

/* ---- reloading ---- */

static bool reload_answers(void *context, bool asked)
{
	(void)context;
	board->stopped += asked ? 1 : 0; /* of this test alone: nobody else counts there yet */
	return asked && board->stopped == 2;
}

/* The first question is refused, the second one is good: only then do workers hear of it. */
static int asks_twice_for_a_reload(void *context, uint32_t worker)
{
	(void)context;
	life_begin(worker);
	while (worker == 0 && !board->lives[1]) {
		breathe();
	}
	for (int question = 1; worker == 0 && question <= 2; question++) {
		kill(getppid(), SIGHUP);
		while (board->stopped < question) {
			breathe();
		}
		board->pids[2] += question == 1 && tw_reload_asked();
	}
	while (!tw_reload_asked()) {
		breathe();
	}
	board->supervisor++;
	while (worker == 0 && board->supervisor < 2) {
		breathe();
	}
	if (worker == 0) {
		kill(getppid(), SIGTERM);
	}
	while (!tw_stop_asked()) {
		breathe();
	}
	return TW_EXIT_OK;
}

Test(supervisor, what_it_loads_anew_and_finds_good_is_passed_on_to_every_worker, .init = board_make, .fini = board_drop, .timeout = 30)
{
	struct tw_supervisor_options options = {
	    .names = names, .count = 2, .grace_ms = 20000, .work = asks_twice_for_a_reload, .reload = reload_answers, .look_ms = 5};
	cr_assert_eq(tw_supervisor_run(&options), 0);
	cr_assert_eq(board->supervisor, 2, "both heard of the good one");
	cr_assert_eq(board->pids[2], 0, "nobody heard of the refused one");
	cr_assert_eq(board->lives[0] + board->lives[1], 2, "SIGHUP ends no worker");
	cr_assert(nobody_left());
}

static uint32_t told_running, told_most, told_calls;
static uint64_t told_restarts;

static void tell_keep(void *context, uint32_t running, uint64_t restarts)
{
	(void)context;
	told_calls++;
	told_running = running;
	told_most = running > told_most ? running : told_most;
	told_restarts = restarts;
}

Test(supervisor, tells_how_many_live_and_were_started_again, .init = board_make, .fini = board_drop, .timeout = 30)
{
	struct tw_supervisor_options options = {
	    .names = names, .count = 3, .grace_ms = 20000, .work = killed_twice_then_asks_for_the_end, .tell = tell_keep, .tell_ms = 1};
	cr_assert_eq(tw_supervisor_run(&options), 0);
	cr_assert_eq(told_most, 3u);
	cr_assert(told_running == 0 && told_restarts == 2, "%u live, %d started again", told_running, (int)told_restarts);
	cr_assert_gt(told_calls, 2u);
}

static int second_ends_with_78(void *context, uint32_t worker)
{
	(void)context;
	life_begin(worker);
	return worker == 1 ? TW_EXIT_CONFIG : until_stopped();
}

Test(supervisor, a_worker_that_gives_up_ends_all_with_its_exit, .init = board_make, .fini = board_drop, .timeout = 30)
{
	cr_assert_eq(run(second_ends_with_78, 3, 20000), TW_EXIT_CONFIG);
	cr_assert_eq(board->lives[1], 1, "it is not started again");
	cr_assert_eq(board->stopped, 2);
	cr_assert(nobody_left());
}

static int loses_a_peer_then_ends_by_itself(void *context, uint32_t worker)
{
	(void)context;
	int life = life_begin(worker);
	return life == 1 ? TW_EXIT_IO : life == 2 ? TW_EXIT_OK : TW_EXIT_SOFTWARE;
}

Test(supervisor, a_lost_peer_and_an_end_that_nobody_asked_for_are_started_again, .init = board_make, .fini = board_drop, .timeout = 30)
{
	cr_assert_eq(run(loses_a_peer_then_ends_by_itself, 1, 20000), TW_EXIT_SOFTWARE);
	cr_assert_eq(board->lives[0], 3);
}

static int does_not_end(void *context, uint32_t worker)
{
	(void)context;
	life_begin(worker);
	while (worker == 0 && !board->lives[1]) {
		breathe();
	}
	if (worker == 0) { /* one alone: two signals would be a second one */
		kill(getppid(), SIGTERM);
	}
	return until_killed();
}

Test(supervisor, kills_who_does_not_end_within_the_grace, .init = board_make, .fini = board_drop, .timeout = 30)
{
	cr_assert_eq(run(does_not_end, 2, 50), 128 + SIGKILL);
	cr_assert(nobody_left());
}

static int asks_twice_and_does_not_end(void *context, uint32_t worker)
{
	(void)context;
	life_begin(worker);
	kill(getppid(), SIGTERM);
	while (!tw_stop_asked()) {
		breathe();
	}
	kill(getpid(), SIGTERM); /* as whoever stops a whole group of processes would: it must not count as a second one */
	kill(getppid(), SIGINT);
	return until_killed();
}

Test(supervisor, a_second_signal_kills_at_once, .init = board_make, .fini = board_drop, .timeout = 30)
{
	cr_assert_eq(run(asks_twice_and_does_not_end, 1, 600000), 128 + SIGINT);
	cr_assert(nobody_left());
}

static int orphan(void *context, uint32_t worker)
{
	(void)context;
	life_begin(worker);
	return until_stopped();
}

Test(supervisor, its_death_ends_the_workers_in_order, .init = board_make, .fini = board_drop, .timeout = 30)
{
	prctl(PR_SET_CHILD_SUBREAPER, 1); /* orphans become ours, so that their end can be waited for */
	pid_t supervisor = fork();
	if (supervisor == 0) {
		_exit(run(orphan, 3, 600000));
	}
	while (!board->lives[0] || !board->lives[1] || !board->lives[2]) {
		breathe();
	}
	kill(supervisor, SIGKILL);
	for (int ended = 0; ended < 4; ended++) {
		int status;
		pid_t pid = waitpid(-1, &status, 0);
		cr_assert(pid == supervisor ? WIFSIGNALED(status) : WIFEXITED(status) && WEXITSTATUS(status) == 0, "status %x", status);
	}
	cr_assert_eq(board->stopped, 3);
	cr_assert(gone(board->pids[0]) && gone(board->pids[1]) && gone(board->pids[2]));
}

Test(supervisor, stopped_before_it_began_it_starts_nobody, .init = board_make, .fini = board_drop, .timeout = 30)
{
	tw_signals_install();
	raise(SIGTERM);
	cr_assert_eq(run(orphan, 2, 1000), 0);
	cr_assert_eq(board->lives[0] + board->lives[1], 0);
}
