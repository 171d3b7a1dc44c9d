/**
 * @file schedule.c
 * See schedule.h. Coroutines are ucontext's; a stack is taken from a pool, for a seed starts dozens of processes.
 */
#include "tests/simulation/schedule.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <ucontext.h>

#include "engine/base/hash.h"
#include "engine/run/signals.h"

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/common_interface_defs.h>
#define FIBER_LEAVE(keep, to, size)   __sanitizer_start_switch_fiber(keep, to, size)
#define FIBER_ENTER(kept, from, size) __sanitizer_finish_switch_fiber(kept, from, size)
#else
#define FIBER_LEAVE(keep, to, size)   ((void)(keep), (void)(to), (void)(size))
#define FIBER_ENTER(kept, from, size) ((void)(kept), (void)(from), (void)(size))
#endif

#define STACK_BYTES ((size_t)512 * 1024)
#define STACKS_MAX  64U
#define EPOCH_S     1700000000 /* what the wall clock said when a seed began: any day will do */

struct sim_process {
	struct sim_process_state state;
	ucontext_t context;
	char *stack;
	void *fiber;
	uint32_t id;
	uint64_t wake; /* number of the wait it is in: a wake-up for an earlier one is stale */
	bool waiting;
	int64_t skew_us;
	void (*main)(void *);
	void *argument;
	struct sim_process *root; /* itself, but for a thread */
	struct sim_process *next;
};

struct timer {
	int64_t when;
	uint64_t number;
	void (*fire)(void *);
	void *context;
	struct sim_process *process; /* else */
	uint64_t wake;
};

static struct schedule {
	struct sim_random chance;
	int64_t now;
	uint64_t number, steps, hash;
	struct timer *heap;
	size_t count, room;
	struct sim_process *processes, *self;
	ucontext_t main;
	void *main_fiber;
	const void *main_stack;
	size_t main_stack_bytes;
	bool verbose;
} s;

static char *stacks[STACKS_MAX];
static uint32_t stack_count;

/* ---- chance: SplitMix64, Steele et al. 2014 ---- */

uint64_t sim_random_next(struct sim_random *random)
{
	uint64_t z = (random->state += UINT64_C(0x9E3779B97F4A7C15));
	z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
	return z ^ (z >> 31);
}

uint32_t sim_random_below(struct sim_random *random, uint32_t below)
{
	return below ? (uint32_t)((sim_random_next(random) >> 32) * below >> 32) : 0;
}

int64_t sim_random_between(struct sim_random *random, int64_t from, int64_t to)
{
	return from + (int64_t)(sim_random_next(random) % (uint64_t)(to - from + 1));
}

bool sim_random_chance(struct sim_random *random, uint32_t of_thousand)
{
	return sim_random_below(random, 1000) < of_thousand;
}

/* ---- the heap ---- */

static bool earlier(const struct timer *a, const struct timer *b)
{
	return a->when != b->when ? a->when < b->when : a->number < b->number;
}

static void heap_swap(size_t a, size_t b)
{
	struct timer held = s.heap[a];
	s.heap[a] = s.heap[b];
	s.heap[b] = held;
}

static void heap_push(struct timer timer)
{
	if (s.count == s.room) {
		s.room = s.room ? s.room * 2 : 1024;
		s.heap = realloc(s.heap, s.room * sizeof(*s.heap));
	}
	timer.number = s.number++;
	s.heap[s.count] = timer;
	for (size_t at = s.count++; at && earlier(&s.heap[at], &s.heap[(at - 1) / 2]); at = (at - 1) / 2) {
		heap_swap(at, (at - 1) / 2);
	}
}

static struct timer heap_pop(void)
{
	struct timer first = s.heap[0];
	s.heap[0] = s.heap[--s.count];
	for (size_t at = 0;;) {
		size_t least = at;
		for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < s.count; child++) {
			least = earlier(&s.heap[child], &s.heap[least]) ? child : least;
		}
		if (least == at) {
			return first;
		}
		heap_swap(at, least);
		at = least;
	}
}

/* ---- processes ---- */

static void process_entry(unsigned high, unsigned low)
{
	struct sim_process *process = (struct sim_process *)((uintptr_t)high << 32 | low);
	FIBER_ENTER(NULL, &s.main_stack, &s.main_stack_bytes);
	process->main(process->argument);
	process->state.ended = true;
	FIBER_LEAVE(NULL, s.main_stack, s.main_stack_bytes);
	swapcontext(&process->context, &s.main);
}

/* The process goes on until it waits or ends. */
static void process_run(struct sim_process *process)
{
	struct sim_process *before = s.self;
	s.self = process;
	process->waiting = false;
	process->wake++;
	FIBER_LEAVE(&s.main_fiber, process->stack, STACK_BYTES);
	swapcontext(&s.main, &process->context);
	FIBER_ENTER(s.main_fiber, NULL, NULL);
	s.self = before;
	if (process->state.ended && process->stack) {
		if (stack_count < STACKS_MAX) {
			stacks[stack_count++] = process->stack;
		} else {
			free(process->stack);
		}
		process->stack = NULL;
	}
}

static struct sim_process *process_new(uint32_t id, struct sim_process *root, void (*entry)(void *), void *context)
{
	struct sim_process *process = calloc(1, sizeof(*process));
	*process = (struct sim_process){.id = id, .main = entry, .argument = context, .next = s.processes};
	process->root = root ? root : process;
	process->skew_us = process->root->skew_us;
	s.processes = process;
	process->stack = stack_count ? stacks[--stack_count] : malloc(STACK_BYTES);
	getcontext(&process->context);
	process->context.uc_stack.ss_sp = process->stack;
	process->context.uc_stack.ss_size = STACK_BYTES;
	process->context.uc_link = NULL;
	makecontext(&process->context, (void (*)(void))process_entry, 2, (unsigned)((uintptr_t)process >> 32), (unsigned)(uintptr_t)process);
	process->waiting = true;
	heap_push((struct timer){.when = s.now, .process = process, .wake = process->wake});
	return process;
}

struct sim_process *sim_process_start(uint32_t id, int64_t skew_us, void (*entry)(void *), void *context)
{
	struct sim_process *process = process_new(id, NULL, entry, context);
	process->skew_us = skew_us;
	return process;
}

struct sim_process *sim_thread_start(void (*entry)(void *), void *context)
{
	return process_new(s.self->id, s.self->root, entry, context);
}

struct sim_process *sim_process_root(struct sim_process *process)
{
	return process ? process->root : NULL;
}

struct sim_process_state *sim_process_state(struct sim_process *process)
{
	return &process->root->state;
}

uint32_t sim_process_id(const struct sim_process *process)
{
	return process->id;
}

struct sim_process *sim_self(void)
{
	return s.self;
}

void sim_process_kill(struct sim_process *process)
{
	if (process->root != process || process->state.ended || process->state.killed) {
		return;
	}
	sim_note("killed", process->id, 0, 0, 0);
	process->state.killed = true;
	for (struct sim_process *thread = s.processes; thread; thread = thread->next) {
		if (thread->root == process && thread != process && !thread->state.ended) {
			process_run(thread);
		}
	}
	process_run(process);
}

bool sim_dead(void)
{
	return s.self && s.self->root->state.killed;
}

bool sim_wait(int64_t until)
{
	struct sim_process *process = s.self;
	if (!process || process->root->state.killed) {
		return !process;
	}
	process->waiting = true;
	sim_wake(process, until);
	FIBER_LEAVE(&process->fiber, s.main_stack, s.main_stack_bytes);
	swapcontext(&process->context, &s.main);
	FIBER_ENTER(process->fiber, &s.main_stack, &s.main_stack_bytes);
	return !process->root->state.killed;
}

bool sim_sleep(int64_t us)
{
	int64_t until = s.now + us;
	bool alive = !sim_dead();
	while (alive && s.self && s.now < until) {
		alive = sim_wait(until);
	}
	return alive;
}

void sim_wake(struct sim_process *process, int64_t when)
{
	if (!process->state.ended) {
		heap_push((struct timer){.when = when > s.now ? when : s.now, .process = process, .wake = process->wake});
	}
}

/* ---- running ---- */

void sim_at(int64_t when, void (*fire)(void *), void *context)
{
	heap_push((struct timer){.when = when > s.now ? when : s.now, .fire = fire, .context = context});
}

static void timer_fire(struct timer *timer)
{
	struct sim_process *process = timer->process;
	if (!process) {
		timer->fire(timer->context);
		return;
	}
	const struct sim_process_state *state = &process->root->state;
	if (process->state.ended || state->killed || process->wake != timer->wake || !process->waiting) {
		return;
	}
	if (state->frozen_until > s.now) {
		heap_push((struct timer){.when = state->frozen_until, .process = process, .wake = timer->wake});
		return;
	}
	process_run(process);
}

bool sim_run(int64_t until, bool (*over)(void *), void *context)
{
	while (s.count && s.heap[0].when <= until) {
		struct timer timer = heap_pop();
		s.now = timer.when;
		s.steps++;
		timer_fire(&timer);
		if (over && over(context)) {
			return true;
		}
	}
	return s.count == 0;
}

void sim_schedule_begin(uint64_t seed, bool verbose)
{
	s = (struct schedule){.chance = {seed * UINT64_C(0xD1B54A32D192ED03) + 1}, .verbose = verbose};
}

void sim_schedule_end(void)
{
	for (struct sim_process *process = s.processes; process; process = process->next) {
		sim_process_kill(process);
	}
	while (s.processes) {
		struct sim_process *process = s.processes;
		s.processes = process->next;
		free(process);
	}
	free(s.heap);
	s.heap = NULL;
	s.count = s.room = 0;
}

int64_t sim_now(void)
{
	return s.now;
}

struct sim_random *sim_chance(void)
{
	return &s.chance;
}

uint64_t sim_steps(void)
{
	return s.steps;
}

bool sim_verbose(void)
{
	return s.verbose;
}

void sim_note(const char *what, int64_t a, int64_t b, int64_t c, int64_t d)
{
	int64_t all[] = {s.now, s.self ? (int64_t)s.self->id : -1, a, b, c, d};
	if (sim_dead()) {
		return; /* what an unwinding process does never happened */
	}
	s.hash = tw_hash64(all, sizeof(all), s.hash ^ tw_hash64(what, strlen(what), 1));
	if (s.verbose) {
		printf("%12.6f  %3" PRId64 "  %-28s %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 "\n", (double)s.now / 1e6, all[1], what, a, b, c,
		       d);
	}
}

uint64_t sim_trace_hash(void)
{
	return s.hash;
}

/* ---- what the product's own calls find ---- */

/* The linker's names. NOLINTBEGIN(cert-dcl37-c,cert-dcl51-cpp) */
int __wrap_clock_gettime(clockid_t clock, struct timespec *out);
int __wrap_nanosleep(const struct timespec *asked, struct timespec *left);
/* NOLINTEND(cert-dcl37-c,cert-dcl51-cpp) */

int __wrap_clock_gettime(clockid_t clock, struct timespec *out)
{
	int64_t now = s.now + (s.self && clock == CLOCK_REALTIME ? s.self->skew_us : 0);
	*out = (struct timespec){(clock == CLOCK_REALTIME ? EPOCH_S : 1000) + now / SIM_S, now % SIM_S * 1000};
	return 0;
}

int __wrap_nanosleep(const struct timespec *asked, struct timespec *left)
{
	(void)left;
	return sim_sleep((int64_t)asked->tv_sec * SIM_S + asked->tv_nsec / 1000) ? 0 : -1;
}

void tw_signals_install(void)
{
}

bool tw_stop_asked(void)
{
	return s.self && (s.self->root->state.killed || s.self->root->state.stop_asked);
}
