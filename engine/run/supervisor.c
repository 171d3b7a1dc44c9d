/**
 * @file supervisor.c
 * See supervisor.h.
 *
 * The snapshot of rules, lists and embargoes is built once, by the supervisor; a worker is a fork of it and shares those pages for as long as
 * nobody writes to them. That is safe because the supervisor never has a second thread or a connection: librdkafka's threads and Redis's socket
 * begin in the worker, behind the fork. For the same reason a restarted worker needs no file: it judges with what its siblings judge with.
 *
 * Reloading is done twice on purpose. The supervisor builds the new snapshot first, alone, in its own thread (it must have no second one when it
 * forks): when anything is wrong no worker hears of it; when all is well, a worker that is started later inherits it. Then each worker that lives
 * builds its own beside its work (reload.h). To end a worker for it, so that it is forked anew, would cost its place in the group and its window.
 * Deaths and stops wait while the supervisor builds: some seconds at most.
 *
 * The signals stay blocked and are taken one by one, so there is no handler and no race: what came while a worker was being started waits.
 * A worker is told of its supervisor's death by the kernel (PR_SET_PDEATHSIG) and ends in order. It runs no exit handlers: those are its parent's.
 * Invariant: a worker is waited for (no zombie) before it is started again and before the supervisor ends.
 * The clock paces restarts and the grace; nothing of it reaches output.
 */
#include "engine/run/supervisor.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "engine/base/log.h"
#include "engine/run/outage.h"
#include "engine/run/signals.h"
#include "engine/run/worker.h"

#define PAUSE_FIRST_MS 100U
#define PAUSE_MOST_MS  30000U
#define LIFE_MS        60000 /* so long a life was no failed start */
#define SIGNAL_EXIT    128   /* of the shells: 128 + the signal's number */
#define NEVER_MS       INT64_MAX

struct crew_member {
	pid_t pid; /* 0: not running */
	int64_t begun_ms;
	int64_t due_ms; /* of its next start, when it is not running */
	uint32_t pause_ms;
	uint32_t restarts;
};

struct crew {
	const struct tw_supervisor_options *options;
	struct crew_member members[TW_WORKERS_MAX];
	sigset_t before; /* the mask that workers, and the caller, get back */
	bool stopping;
	bool killed;
	int64_t kill_ms; /* when the grace is over */
	int64_t look_ms; /* when to look whether to reload */
	int64_t tell_ms; /* when to tell how it stands */
	int result;
};

bool tw_supervisor_may_restart(int status)
{
	if (!WIFEXITED(status)) {
		return true; /* a crash, the kernel short of memory, an operator's kill -9 */
	}
	switch (WEXITSTATUS(status)) {
	case TW_EXIT_USAGE:
	case TW_EXIT_NO_INPUT:
	case TW_EXIT_SOFTWARE:
	case TW_EXIT_RETRY: /* log and state disagree, or another process has the name: a person has to look */
	case TW_EXIT_CONFIG:
		return false;
	default: /* asked to end by somebody else (0), memory, a peer, a second signal */
		return true;
	}
}

uint32_t tw_supervisor_pause(uint32_t last_ms, int64_t lived_ms)
{
	if (last_ms < PAUSE_FIRST_MS || lived_ms >= LIFE_MS) {
		return PAUSE_FIRST_MS;
	}
	return last_ms < PAUSE_MOST_MS / 2 ? last_ms * 2 : PAUSE_MOST_MS;
}

/* ---- one worker ---- */

static _Noreturn void worker_live(const struct crew *crew, uint32_t worker, pid_t supervisor)
{
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != supervisor) {
		_exit(TW_EXIT_OK); /* it died before the kernel knew whom to tell */
	}
	tw_signals_supervised();
	sigprocmask(SIG_SETMASK, &crew->before, NULL);
	tw_log_worker(crew->options->names[worker]);
	int result = crew->options->work(crew->options->context, worker);
	fflush(NULL);
	_exit(result);
}

static void worker_start(struct crew *crew, uint32_t worker)
{
	struct crew_member *member = &crew->members[worker];
	pid_t supervisor = getpid();
	fflush(NULL); /* or both would write what lies in the buffers */
	pid_t pid = fork();
	if (pid == 0) {
		worker_live(crew, worker, supervisor);
	}
	member->begun_ms = tw_now_ms();
	if (pid < 0) {
		member->pause_ms = tw_supervisor_pause(member->pause_ms, 0);
		member->due_ms = member->begun_ms + member->pause_ms;
		tw_log(TW_LOG_ERROR, "fork_failed", "reason=\"%s\" again_in_ms=%u", strerror(errno), member->pause_ms);
		return;
	}
	member->pid = pid;
	if (member->restarts) {
		tw_log(TW_LOG_INFO, "worker_restarted", "pid=%d restarts=%u", (int)pid, member->restarts);
	} else {
		tw_log(TW_LOG_INFO, "worker_started", "pid=%d", (int)pid);
	}
}

static void crew_stop(struct crew *crew)
{
	crew->stopping = true;
	crew->kill_ms = tw_now_ms() + crew->options->grace_ms;
	for (uint32_t i = 0; i < crew->options->count; i++) {
		if (crew->members[i].pid) {
			kill(crew->members[i].pid, SIGTERM);
		}
	}
}

static void crew_kill(struct crew *crew, int result)
{
	crew->killed = true;
	crew->kill_ms = NEVER_MS;
	crew->result = crew->result ? crew->result : result;
	for (uint32_t i = 0; i < crew->options->count; i++) {
		if (crew->members[i].pid) {
			tw_log_worker(crew->options->names[i]);
			tw_log(TW_LOG_WARN, "worker_killed", "pid=%d", (int)crew->members[i].pid);
			kill(crew->members[i].pid, SIGKILL);
		}
	}
	tw_log_worker(NULL);
}

static const char *ending_say(int status, char *out, size_t size)
{
	if (WIFSIGNALED(status)) {
		snprintf(out, size, "signal=%d", WTERMSIG(status));
	} else {
		snprintf(out, size, "exit=%d", WEXITSTATUS(status));
	}
	return out;
}

static void worker_ended(struct crew *crew, uint32_t worker, int status)
{
	struct crew_member *member = &crew->members[worker];
	char how[32];
	int64_t now = tw_now_ms();
	pid_t pid = member->pid;
	member->pid = 0;
	member->due_ms = NEVER_MS;
	ending_say(status, how, sizeof(how));
	tw_log_worker(crew->options->names[worker]);
	bool restart = tw_supervisor_may_restart(status);
	if (!restart) {
		crew->result = crew->result ? crew->result : WEXITSTATUS(status);
		tw_log(TW_LOG_ERROR, "worker_gave_up", "pid=%d %s reason=\"a restart cannot mend that: its own last line says what can\"", (int)pid,
		       how);
	} else if (!crew->stopping) {
		member->restarts++;
		member->pause_ms = tw_supervisor_pause(member->pause_ms, now - member->begun_ms);
		member->due_ms = now + member->pause_ms;
		tw_log(TW_LOG_WARN, "worker_ended", "pid=%d %s again_in_ms=%u", (int)pid, how, member->pause_ms);
	} else if (WIFSIGNALED(status) || WEXITSTATUS(status) != TW_EXIT_OK) {
		crew->result = crew->result || crew->killed ? crew->result
		               : WIFSIGNALED(status)        ? SIGNAL_EXIT + WTERMSIG(status)
		                                            : WEXITSTATUS(status);
		tw_log(TW_LOG_WARN, "worker_ended", "pid=%d %s", (int)pid, how);
	}
	tw_log_worker(NULL);
	if (!restart && !crew->stopping) {
		crew_stop(crew);
	}
}

/* ---- all of them ---- */

static void crew_wait(struct crew *crew)
{
	for (uint32_t i = 0; i < crew->options->count; i++) {
		int status;
		if (crew->members[i].pid && waitpid(crew->members[i].pid, &status, WNOHANG) == crew->members[i].pid) {
			worker_ended(crew, i, status);
		}
	}
}

static void crew_start(struct crew *crew)
{
	int64_t now = tw_now_ms();
	for (uint32_t i = 0; i < crew->options->count && !crew->stopping; i++) {
		if (!crew->members[i].pid && crew->members[i].due_ms <= now) {
			tw_log_worker(crew->options->names[i]);
			worker_start(crew, i);
			tw_log_worker(NULL);
		}
	}
}

static bool crew_alive(const struct crew *crew)
{
	bool alive = false;
	for (uint32_t i = 0; i < crew->options->count; i++) {
		alive = alive || crew->members[i].pid;
	}
	return alive;
}

/* When something has to be done though no signal comes. */
static int64_t crew_due(const struct crew *crew)
{
	int64_t due = crew->stopping ? crew->kill_ms : crew->look_ms;
	due = crew->tell_ms < due ? crew->tell_ms : due;
	for (uint32_t i = 0; i < crew->options->count && !crew->stopping; i++) {
		due = !crew->members[i].pid && crew->members[i].due_ms < due ? crew->members[i].due_ms : due;
	}
	return due;
}

/* @return the signal that came, or none before `due_ms`: -1 */
static int signal_next(const sigset_t *ours, int64_t due_ms)
{
	if (due_ms == NEVER_MS) {
		return sigwaitinfo(ours, NULL);
	}
	int64_t left = due_ms - tw_now_ms();
	left = left > 0 ? left : 0;
	struct timespec patience = {.tv_sec = left / 1000, .tv_nsec = (long)(left % 1000) * 1000000};
	return sigtimedwait(ours, NULL, &patience);
}

static void stop_take(struct crew *crew, int number)
{
	if (crew->stopping) {
		crew_kill(crew, SIGNAL_EXIT + number);
		return;
	}
	tw_log(TW_LOG_INFO, "stopping", "signal=%d workers=%u", number, crew->options->count);
	crew_stop(crew);
}

static void crew_reload(struct crew *crew, bool asked)
{
	const struct tw_supervisor_options *options = crew->options;
	if (!options->reload || crew->stopping || (!asked && tw_now_ms() < crew->look_ms)) {
		return;
	}
	bool pass_on = options->reload(options->context, asked);
	crew->look_ms = options->look_ms ? tw_now_ms() + options->look_ms : NEVER_MS;
	for (uint32_t i = 0; pass_on && i < options->count; i++) {
		if (crew->members[i].pid) {
			kill(crew->members[i].pid, SIGHUP);
		}
	}
}

static uint64_t crew_restarts(const struct crew *crew)
{
	uint64_t restarts = 0;
	for (uint32_t i = 0; i < crew->options->count; i++) {
		restarts += crew->members[i].restarts;
	}
	return restarts;
}

static void crew_tell(struct crew *crew, bool now)
{
	const struct tw_supervisor_options *options = crew->options;
	uint32_t running = 0;
	if (!options->tell || (!now && tw_now_ms() < crew->tell_ms)) {
		return;
	}
	crew->tell_ms = tw_now_ms() + options->tell_ms;
	for (uint32_t i = 0; i < options->count; i++) {
		running += crew->members[i].pid != 0;
	}
	options->tell(options->context, running, crew_restarts(crew));
}

static void crew_run(struct crew *crew, const sigset_t *ours)
{
	if (tw_stop_asked()) {
		return; /* while the rules were being read */
	}
	crew_start(crew);
	crew_tell(crew, false);
	while (!crew->stopping || crew_alive(crew)) {
		int number = signal_next(ours, crew_due(crew));
		if (number == SIGTERM || number == SIGINT) {
			stop_take(crew, number);
		}
		crew_wait(crew);
		crew_reload(crew, number == SIGHUP);
		if (crew->stopping && !crew->killed && tw_now_ms() >= crew->kill_ms) {
			crew_kill(crew, SIGNAL_EXIT + SIGKILL);
		}
		crew_start(crew);
		crew_tell(crew, false);
	}
	crew_tell(crew, true);
}

static void crew_say(const struct crew *crew)
{
	for (uint32_t i = 0; i < crew->options->count; i++) {
		const struct crew_member *member = &crew->members[i];
		if (member->restarts) {
			tw_log_worker(crew->options->names[i]);
			tw_log(TW_LOG_INFO, "worker_restarts", "restarts=%u", member->restarts);
		}
	}
	tw_log_worker(NULL);
	tw_log(TW_LOG_INFO, "workers_ended", "workers=%u restarts=%llu exit=%d", crew->options->count, (unsigned long long)crew_restarts(crew),
	       crew->result);
}

int tw_supervisor_run(const struct tw_supervisor_options *options)
{
	struct crew crew = {.options = options, .kill_ms = NEVER_MS, .look_ms = NEVER_MS, .tell_ms = options->tell ? 0 : NEVER_MS};
	struct sigaction action, child_before;
	sigset_t ours;
	memset(&action, 0, sizeof(action));
	action.sa_handler = SIG_DFL; /* ignored, as a parent may have left it, no end would ever be told */
	sigaction(SIGCHLD, &action, &child_before);
	sigemptyset(&ours);
	sigaddset(&ours, SIGTERM);
	sigaddset(&ours, SIGINT);
	sigaddset(&ours, SIGCHLD);
	if (options->reload) {
		sigaddset(&ours, SIGHUP);
		crew.look_ms = options->look_ms ? tw_now_ms() + options->look_ms : NEVER_MS;
	}
	sigprocmask(SIG_BLOCK, &ours, &crew.before);
	crew_run(&crew, &ours);
	crew_say(&crew);
	sigprocmask(SIG_SETMASK, &crew.before, NULL);
	sigaction(SIGCHLD, &child_before, NULL);
	return crew.result;
}
