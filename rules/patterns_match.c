/**
 * @file patterns_match.c
 * Texts against the patterns of patterns.h. prefilter.h finds the patterns that a text may match, PCRE2 asks those; what is kept of a text is the
 * list of them and of their sets, so that ten thousand patterns cost a text no more than the few that it may match.
 */
#include <stdlib.h>
#include <tidewaiter/limits.h>

#include "engine/base/arena.h"
#include "rules/normal_text.h"
#include "rules/patterns_table.h"

#define JIT_STACK_BYTES_MIN (32U * 1024U)
#define JIT_STACK_BYTES_MAX (1024U * 1024U)
#define HEAP_KIB_MAX        20000U

enum answer { UNASKED, MISSED, MET, GAVE_UP };

/* One way of reading a text. */
struct reading {
	struct tw_slice text;
	const uint32_t *pattern; /* candidates, ascending */
	uint32_t count;
	bool sure; /* a candidate whose literals are exact is a match */
};

/* What is known of one text. */
struct tw_pattern_found {
	struct reading reading[2]; /* as received; in its normal form, when that says something else */
	uint32_t readings;
	uint32_t *set;         /* those with a candidate, ascending */
	uint8_t *answer;       /* enum answer, of each set */
	struct tw_span *place; /* of each set that was met, where it was; empty: not asked yet, or nowhere in particular */
	uint32_t set_count;
	bool gave_up; /* some match, whatever the answer */
};

struct tw_pattern_bench {
	pcre2_match_data *data;
	pcre2_match_context *context;
	pcre2_jit_stack *stack;
	struct tw_prefilter_scratch *scratch;
	uint32_t *stamp;                 /* the text for which a set became a candidate */
	uint32_t *set;                   /* candidate sets */
	struct tw_pattern_found nothing; /* of almost every text: the open sets, nothing asked; never written */
	uint32_t text;
	uint64_t limited;
	bool gave_up;
	struct tw_normal_text normal; /* of the text at hand */
	bool as_received;
};

/* ---- bench ---- */

enum tw_code tw_pattern_bench_new(const struct tw_patterns *patterns, struct tw_pattern_bench **out, struct tw_error *err)
{
	struct tw_pattern_bench *bench = calloc(1, sizeof(*bench));
	if (!bench) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for a pattern bench", NULL, NULL);
	}
	bench->data = pcre2_match_data_create(1, NULL);
	bench->context = pcre2_match_context_create(NULL);
	bench->stack = pcre2_jit_stack_create(JIT_STACK_BYTES_MIN, JIT_STACK_BYTES_MAX, NULL);
	bench->scratch = tw_prefilter_scratch_new(patterns->prefilter);
	bench->stamp = calloc((size_t)patterns->sets.count + 1, sizeof(*bench->stamp));
	bench->set = calloc((size_t)patterns->sets.count + 1, sizeof(*bench->set));
	if (!bench->data || !bench->context || !bench->scratch || !bench->stamp || !bench->set) {
		tw_pattern_bench_free(bench);
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for a pattern bench", NULL, NULL);
	}
	bench->nothing = (struct tw_pattern_found){.set = patterns->open, .set_count = patterns->open_count};
	pcre2_set_match_limit(bench->context, TW_PATTERN_MATCH_LIMIT);
	pcre2_set_depth_limit(bench->context, TW_PATTERN_DEPTH_LIMIT);
	pcre2_set_heap_limit(bench->context, HEAP_KIB_MAX);
	if (bench->stack) { /* NULL where this PCRE2 has no JIT */
		pcre2_jit_stack_assign(bench->context, NULL, bench->stack);
	}
	*out = bench;
	return TW_OK;
}

void tw_pattern_bench_free(struct tw_pattern_bench *bench)
{
	if (!bench) {
		return;
	}
	pcre2_match_data_free(bench->data);
	pcre2_match_context_free(bench->context);
	pcre2_jit_stack_free(bench->stack);
	tw_prefilter_scratch_free(bench->scratch);
	free(bench->stamp);
	free(bench->set);
	tw_normal_text_fini(&bench->normal);
	free(bench);
}

void tw_pattern_bench_as_received(struct tw_pattern_bench *bench)
{
	bench->as_received = true;
}

uint64_t tw_pattern_bench_limited(const struct tw_pattern_bench *bench)
{
	return bench->limited;
}

bool tw_pattern_bench_gave_up(struct tw_pattern_bench *bench)
{
	bool gave_up = bench->gave_up;
	bench->gave_up = false;
	return gave_up;
}

/* Mostly a handful. */
static void sort(uint32_t *numbers, uint32_t count)
{
	if (count > 32) {
		qsort(numbers, count, sizeof(*numbers), tw_pattern_by_number);
		return;
	}
	for (uint32_t i = 1; i < count; i++) {
		uint32_t number = numbers[i], at = i;
		for (; at && numbers[at - 1] > number; at--) {
			numbers[at] = numbers[at - 1];
		}
		numbers[at] = number;
	}
}

/* ---- candidates ---- */

static void text_begin(const struct tw_patterns *patterns, struct tw_pattern_bench *bench)
{
	if (++bench->text == 0) {
		memset(bench->stamp, 0, patterns->sets.count * sizeof(*bench->stamp));
		bench->text = 1;
	}
}

/* Adds the sets of the candidates to those of the text. @param sets how many there are @return how many there are then */
static uint32_t sets_add(const struct tw_patterns *patterns, struct tw_pattern_bench *bench, const uint32_t *candidate, uint32_t count, uint32_t sets)
{
	for (uint32_t i = 0; i < count; i++) {
		for (uint32_t j = patterns->sets_from[candidate[i]]; j < patterns->sets_from[candidate[i] + 1]; j++) {
			uint32_t set = patterns->sets_of[j];
			if (bench->stamp[set] != bench->text) {
				bench->stamp[set] = bench->text;
				bench->set[sets++] = set;
			}
		}
	}
	return sets;
}

/* What a pass over one reading of the text found. @return false without memory */
static bool reading_of(const struct tw_patterns *patterns, struct tw_pattern_bench *bench, struct tw_slice text, const uint32_t *candidate,
                       uint32_t count, struct tw_arena *arena, struct reading *out, uint32_t *sets)
{
	*out = (struct reading){.text = text};
	if (count == UINT32_MAX) {
		return false;
	}
	out->pattern = patterns->always;
	out->count = count;
	out->sure = tw_prefilter_sure(bench->scratch);
	if (count == patterns->always_count) {
		return true;
	}
	uint32_t *pattern = tw_arena_alloc_raw(arena, count * sizeof(*pattern));
	if (!pattern) {
		return false;
	}
	*sets = sets_add(patterns, bench, candidate, count, *sets);
	memcpy(pattern, candidate, count * sizeof(*candidate));
	sort(pattern, count);
	out->pattern = pattern;
	return true;
}

/* @param candidate of the text as received, `count` of them @return false without memory */
static bool readings_of(const struct tw_patterns *patterns, struct tw_pattern_bench *bench, struct tw_slice text, const uint32_t *candidate,
                        uint32_t count, struct tw_arena *arena, struct tw_pattern_found *found)
{
	struct tw_slice normal;
	text_begin(patterns, bench);
	if (!reading_of(patterns, bench, text, candidate, count, arena, &found->reading[found->readings++], &found->set_count)) {
		return false;
	}
	if (bench->as_received) {
		return true;
	}
	if (!tw_normal_text_of(&bench->normal, text, &normal)) {
		return false;
	}
	if (!normal.ptr) {
		return true;
	}
	normal = tw_arena_copy(arena, normal);
	if (!normal.ptr) {
		return false;
	}
	count = tw_prefilter_pass(patterns->prefilter, bench->scratch, normal, &candidate);
	return reading_of(patterns, bench, normal, candidate, count, arena, &found->reading[found->readings++], &found->set_count);
}

/* @return room for what is known of a text, with its sets; NULL without memory */
static struct tw_pattern_found *found_keep(const struct tw_pattern_found *found, const uint32_t *set, struct tw_arena *arena)
{
	size_t each = sizeof(struct tw_span) + sizeof(uint32_t) + 1;
	struct tw_pattern_found *kept = tw_arena_alloc(arena, sizeof(*kept) + (size_t)found->set_count * each);
	if (kept) {
		*kept = *found;
		kept->place = (struct tw_span *)(void *)(kept + 1);
		kept->set = (uint32_t *)(void *)(kept->place + found->set_count);
		kept->answer = (uint8_t *)(kept->set + found->set_count);
		memcpy(kept->set, set, found->set_count * sizeof(*kept->set));
	}
	return kept;
}

/* @return false without memory */
static bool find(const struct tw_patterns *patterns, struct tw_pattern_bench *bench, struct tw_pattern_marks *marks, struct tw_slice text,
                 struct tw_arena *arena)
{
	if (marks->found) {
		return true;
	}
	const uint32_t *candidate;
	uint32_t count = tw_prefilter_pass(patterns->prefilter, bench->scratch, text, &candidate);
	bool once = bench->as_received || tw_prefilter_sure(bench->scratch); /* it has no other reading */
	if (count == patterns->always_count && once) {
		marks->found = &bench->nothing;
		return true;
	}
	struct tw_pattern_found found = {.readings = 0};
	if (!readings_of(patterns, bench, text, candidate, count, arena, &found)) {
		return false;
	}
	if (found.set_count == 0) {
		marks->found = &bench->nothing;
		return true;
	}
	sort(bench->set, found.set_count);
	marks->found = found_keep(&found, bench->set, arena);
	return marks->found != NULL;
}

/* An open set is asked of a text that has no other candidate: its answers stand by themselves. @return false without memory */
static bool find_open(const struct tw_patterns *patterns, struct tw_pattern_bench *bench, struct tw_pattern_marks *marks, struct tw_slice text,
                      struct tw_arena *arena)
{
	struct tw_pattern_found found = {.readings = 0};
	const uint32_t *candidate;
	uint32_t count = tw_prefilter_pass(patterns->prefilter, bench->scratch, text, &candidate);
	if (!readings_of(patterns, bench, text, candidate, count, arena, &found)) {
		return false;
	}
	found.set_count = patterns->open_count;
	marks->found = found_keep(&found, patterns->open, arena);
	return marks->found != NULL;
}

/* Of ten thousand patterns few ever meet a candidate: machine code is made for those alone, by the thread that meets it first. */
static enum tw_pattern_code code_of(mtx_t *jitting, struct tw_pattern *pattern)
{
	enum tw_pattern_code is = atomic_load_explicit(&pattern->code_is, memory_order_acquire);
	if (is != TW_PATTERN_UNMADE) {
		return is;
	}
	(void)mtx_lock(jitting);
	is = atomic_load_explicit(&pattern->code_is, memory_order_relaxed);
	if (is == TW_PATTERN_UNMADE) {
		is = pcre2_jit_compile(pattern->code, PCRE2_JIT_COMPLETE) == 0 ? TW_PATTERN_MACHINE_CODE : TW_PATTERN_INTERPRETED;
		atomic_store_explicit(&pattern->code_is, (unsigned char)is, memory_order_release);
	}
	(void)mtx_unlock(jitting);
	return is;
}

static enum answer run(const struct tw_patterns *patterns, uint32_t at, struct tw_pattern_bench *bench, struct tw_slice text)
{
	struct tw_pattern *pattern = (struct tw_pattern *)patterns->patterns.data + at;
	PCRE2_SPTR bytes = (PCRE2_SPTR)(text.len ? text.ptr : "");
	int code = code_of(patterns->jitting, pattern) == TW_PATTERN_MACHINE_CODE
	               ? pcre2_jit_match(pattern->code, bytes, text.len, 0, 0, bench->data, bench->context)
	               : pcre2_match(pattern->code, bytes, text.len, 0, PCRE2_NO_UTF_CHECK, bench->data, bench->context);
	if (code < 0 && code != PCRE2_ERROR_NOMATCH) {
		bench->limited++;
		return GAVE_UP;
	}
	return code >= 0 ? MET : MISSED;
}

/* @return its place, or UINT32_MAX */
static uint32_t place_of(const uint32_t *numbers, uint32_t count, uint32_t wanted)
{
	uint32_t low = 0, high = count;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (numbers[middle] < wanted) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low < count && numbers[low] == wanted ? low : UINT32_MAX;
}

/* Candidates that are in the set, whichever of the two is shorter to go through. */
static enum answer ask_reading(const struct tw_patterns *patterns, struct tw_pattern_bench *bench, const struct reading *reading,
                               const struct tw_pattern_set *of)
{
	bool by_set = of->count <= reading->count;
	const uint32_t *each = by_set ? of->pattern : reading->pattern, *other = by_set ? reading->pattern : of->pattern;
	uint32_t count = by_set ? of->count : reading->count, other_count = by_set ? reading->count : of->count;
	enum answer answer = MISSED;
	for (uint32_t i = 0; i < count && answer != MET; i++) {
		if (place_of(other, other_count, each[i]) != UINT32_MAX) {
			const struct tw_pattern *pattern = (const struct tw_pattern *)patterns->patterns.data + each[i];
			enum answer one = reading->sure && pattern->required.exact ? MET : run(patterns, each[i], bench, reading->text);
			answer = one == MISSED ? answer : one;
		}
	}
	return answer;
}

/* Either reading will do. */
static enum answer ask(const struct tw_patterns *patterns, struct tw_pattern_bench *bench, const struct tw_pattern_found *found,
                       const struct tw_pattern_set *of)
{
	enum answer answer = MISSED;
	for (uint32_t i = 0; i < found->readings && answer != MET; i++) {
		enum answer one = ask_reading(patterns, bench, &found->reading[i], of);
		answer = one == MISSED ? answer : one;
	}
	return answer;
}

/* @param place out: of the set among the text's, where it is one of them @return what the set says of the text; MISSED without memory, `failed` set
 */
static enum answer asked(const struct tw_patterns *patterns, struct tw_pattern_bench *bench, struct tw_pattern_marks *marks, uint32_t set,
                         struct tw_slice text, struct tw_arena *arena, uint32_t *place, bool *failed)
{
	if (!find(patterns, bench, marks, text, arena)) {
		*failed = true;
		return MISSED;
	}
	*place = place_of(marks->found->set, marks->found->set_count, set);
	if (*place == UINT32_MAX) {
		return MISSED;
	}
	if (marks->found == &bench->nothing && !find_open(patterns, bench, marks, text, arena)) {
		*failed = true;
		return MISSED;
	}
	struct tw_pattern_found *found = marks->found;
	if (found->answer[*place] == UNASKED) {
		uint64_t limited = bench->limited;
		found->answer[*place] = (uint8_t)ask(patterns, bench, found, (const struct tw_pattern_set *)patterns->sets.data + set);
		found->gave_up |= bench->limited != limited;
	}
	bench->gave_up |= found->answer[*place] == GAVE_UP;
	return (enum answer)found->answer[*place];
}

bool tw_patterns_match(const struct tw_patterns *patterns, struct tw_pattern_bench *bench, struct tw_pattern_marks *marks, uint32_t set,
                       struct tw_slice text, struct tw_arena *arena, bool *failed)
{
	uint32_t place;
	return asked(patterns, bench, marks, set, text, arena, &place, failed) == MET;
}

/* Of the candidates, for none of the others matches, the first that does. */
static bool reading_place(const struct tw_patterns *patterns, struct tw_pattern_bench *bench, const struct reading *reading,
                          const struct tw_pattern_set *of, struct tw_span *place)
{
	for (uint32_t i = 0; i < of->count; i++) {
		if (place_of(reading->pattern, reading->count, of->pattern[i]) != UINT32_MAX &&
		    run(patterns, of->pattern[i], bench, reading->text) == MET) {
			const PCRE2_SIZE *met = pcre2_get_ovector_pointer(bench->data);
			*place = (struct tw_span){(uint32_t)met[0], (uint32_t)met[1]};
			return true;
		}
	}
	return false;
}

static struct tw_span found_place(const struct tw_patterns *patterns, struct tw_pattern_bench *bench, const struct tw_pattern_found *found,
                                  const struct tw_pattern_set *of, struct tw_slice text)
{
	struct tw_span place = {0, 0};
	struct tw_slice normal;
	if (reading_place(patterns, bench, &found->reading[0], of, &place) || found->readings < 2) {
		return place;
	}
	bool met = reading_place(patterns, bench, &found->reading[1], of, &place) && tw_normal_text_of(&bench->normal, text, &normal);
	return met ? tw_normal_text_source(&bench->normal, place) : (struct tw_span){0, 0};
}

bool tw_patterns_place(const struct tw_patterns *patterns, struct tw_pattern_bench *bench, struct tw_pattern_marks *marks, uint32_t set,
                       struct tw_slice text, struct tw_arena *arena, struct tw_span *place, bool *failed)
{
	uint32_t at;
	if (asked(patterns, bench, marks, set, text, arena, &at, failed) != MET) {
		return false;
	}
	struct tw_span *known = &marks->found->place[at];
	if (known->from == known->to) {
		*known = found_place(patterns, bench, marks->found, (const struct tw_pattern_set *)patterns->sets.data + set, text);
	}
	*place = *known;
	return true;
}

void tw_pattern_marks_again(struct tw_pattern_marks *marks)
{
	if (marks->found && marks->found->gave_up) {
		marks->found = NULL;
	}
}

const uint32_t *tw_patterns_find(const struct tw_patterns *patterns, struct tw_pattern_bench *bench, struct tw_pattern_marks *marks,
                                 struct tw_slice text, struct tw_arena *arena, uint32_t *count, bool *failed)
{
	*count = 0;
	if (!find(patterns, bench, marks, text, arena)) {
		*failed = true;
		return NULL;
	}
	*count = marks->found->set_count;
	return marks->found->set;
}

size_t tw_patterns_set_bytes(const struct tw_patterns *patterns)
{
	return ((size_t)patterns->sets.count / 64 + 1) * sizeof(uint64_t);
}

/* ---- one by one ---- */

static const struct tw_pattern *pattern_of(const struct tw_patterns *patterns, uint32_t set, uint32_t at)
{
	const struct tw_pattern_set *of = (const struct tw_pattern_set *)patterns->sets.data + set;
	return (const struct tw_pattern *)patterns->patterns.data + of->pattern[at];
}

uint32_t tw_patterns_set_count(const struct tw_patterns *patterns, uint32_t set)
{
	return ((const struct tw_pattern_set *)patterns->sets.data)[set].count;
}

struct tw_slice tw_patterns_set_text(const struct tw_patterns *patterns, uint32_t set, uint32_t at)
{
	return pattern_of(patterns, set, at)->text;
}

bool tw_patterns_set_match(const struct tw_patterns *patterns, struct tw_pattern_bench *bench, uint32_t set, uint32_t at, struct tw_slice text)
{
	uint32_t pattern = ((const struct tw_pattern_set *)patterns->sets.data)[set].pattern[at];
	struct tw_slice normal;
	if (run(patterns, pattern, bench, text) == MET) {
		return true;
	}
	return tw_normal_text_of(&bench->normal, text, &normal) && normal.ptr && run(patterns, pattern, bench, normal) == MET;
}
