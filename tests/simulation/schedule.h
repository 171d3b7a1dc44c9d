/**
 * @file schedule.h
 * Virtual time and processes: one operating system thread, one seed, every step in an order that the seed decides.
 *
 *     heap of (time, number) -> a timer's function, or a process that goes on until it waits again
 *
 * A process is a coroutine that runs product code. Whatever would block (a socket, a pause) is sim_sleep or sim_wait here, so two processes
 * interleave at every such call. A killed process is made to unwind: each simulated call fails for good, and nothing that it does then has an
 * effect. A frozen one (SIGSTOP) goes on later, as if nothing had been.
 *
 * clock_gettime and nanosleep of the whole program are these (linked with --wrap), so that the product's own waiting needs no seam.
 * Invariant: same seed, same trace. Threads: one.
 */
#ifndef TIDEWAITER_TESTS_SIMULATION_SCHEDULE_H
#define TIDEWAITER_TESTS_SIMULATION_SCHEDULE_H

#include <stdbool.h>
#include <stdint.h>

#define SIM_MS INT64_C(1000) /* of virtual microseconds */
#define SIM_S  (INT64_C(1000) * SIM_MS)

struct sim_random {
	uint64_t state;
};
uint64_t sim_random_next(struct sim_random *random);
/** @return 0 .. below - 1 */
uint32_t sim_random_below(struct sim_random *random, uint32_t below);
/** @return from .. to, both included */
int64_t sim_random_between(struct sim_random *random, int64_t from, int64_t to);
bool sim_random_chance(struct sim_random *random, uint32_t of_thousand);

/** One incarnation of an engine. */
struct sim_process;

struct sim_process_state {
	bool ended;  /**< of a thread its own */
	bool killed; /**< unwinding, or gone */
	int64_t frozen_until;
	bool stop_asked;
};

/** Forgets the seed before it. */
void sim_schedule_begin(uint64_t seed, bool verbose);
void sim_schedule_end(void);
int64_t sim_now(void);
/** What the network, and everything else that happens by chance, draws from. */
struct sim_random *sim_chance(void);
void sim_at(int64_t when, void (*fire)(void *), void *context);
/** Runs until no event is left, `until` is reached, or `over` says so (asked after every step). @return false: `until` came first */
bool sim_run(int64_t until, bool (*over)(void *), void *context);

/** @param skew_us how wrong its real-time clock is. @param id a small number for the trace */
struct sim_process *sim_process_start(uint32_t id, int64_t skew_us, void (*entry)(void *), void *context);
/** A thread of the running process: killed and frozen with it, and it ends before that does. */
struct sim_process *sim_thread_start(void (*entry)(void *), void *context);
/** Of the whole process, but `ended`. */
struct sim_process_state *sim_process_state(struct sim_process *process);
uint32_t sim_process_id(const struct sim_process *process);
/** The process or thread whose code runs; NULL: a timer, or the checker. */
struct sim_process *sim_self(void);
/** The process that a thread is of; itself for a process. */
struct sim_process *sim_process_root(struct sim_process *process);
/** Only from a timer: it unwinds before this returns. */
void sim_process_kill(struct sim_process *process);

/** A process that is not killed goes on after that time. @return false: killed */
bool sim_sleep(int64_t us);
/** Sleep that sim_wake may end. @return false: killed */
bool sim_wait(int64_t until);
void sim_wake(struct sim_process *process, int64_t when);
/** The running process is to unwind. */
bool sim_dead(void);

/** One thing that happened: part of the trace's hash, and a line when verbose. */
void sim_note(const char *what, int64_t a, int64_t b, int64_t c, int64_t d);
uint64_t sim_trace_hash(void);
uint64_t sim_steps(void);
bool sim_verbose(void);

#endif
