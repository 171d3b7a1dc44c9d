/**
 * @file name_index_build.c
 * Building the index of one domain: terms interned as they come, sorted once, forms and postings by counting. See name_index.h.
 */
#include "feeds/name_index_build.h"

#include <stdlib.h>

#include "engine/base/arena.h"
#include "feeds/name_jaro.h"

#define BUILD_BLOCK_BYTES (1024U * 1024U)
#define SLOTS_MIN         64U

struct form_record {
	uint32_t first; /* in `terms` */
	uint32_t name;
};

struct build {
	struct tw_name_index *index;
	struct tw_arena arena;     /* lists, gone when the index is built */
	struct tw_arena scratch;   /* one name's forms */
	struct tw_list vocabulary; /* struct tw_name_term, in order of appearance */
	struct tw_list forms;      /* struct form_record */
	struct tw_list terms;      /* uint32_t, places in `vocabulary` */
	uint32_t *slot;            /* malloc'd: it grows */
	uint32_t slots;
	uint32_t *first; /* by class: see sort_forms */
};

/* ---- collecting ---- */

static bool grow_slots(struct build *build)
{
	uint32_t size = build->slot ? build->slots * 2 : SLOTS_MIN;
	uint32_t *slot = calloc(size, sizeof(*slot));
	if (!slot) {
		return false;
	}
	const struct tw_name_term *vocabulary = build->vocabulary.data;
	for (uint32_t i = 0; i < build->vocabulary.count; i++) {
		tw_name_slot_set(slot, size, &vocabulary[i], i);
	}
	free(build->slot);
	build->slot = slot;
	build->slots = size;
	return true;
}

static bool intern(struct build *build, const struct tw_name_term *term, uint32_t *out)
{
	uint32_t at;
	if ((!build->slot || build->vocabulary.count >= build->slots / 2) && !grow_slots(build)) {
		return false;
	}
	*out = tw_name_slot_find(build->slot, build->slots, build->vocabulary.data, term, &at);
	if (*out != UINT32_MAX) {
		return true;
	}
	struct tw_name_term *added =
	    build->vocabulary.count < TW_NAME_TERMS_MAX ? tw_list_push(&build->arena, &build->vocabulary, sizeof(*added)) : NULL;
	if (!added) {
		return false;
	}
	*added = *term;
	*out = build->vocabulary.count - 1;
	tw_name_slot_set(build->slot, build->slots, term, *out);
	return true;
}

/* A name whose words have fewer letters than this together stands for too many ("H7", "GI"). As tw_name_key has it. */
#define WORD_BYTES_MIN 3

static bool says_something(const struct tw_name_form *form)
{
	uint32_t bytes = 0;
	for (uint32_t i = 0; i < form->count; i++) {
		bytes += form->token[i].word == TW_WORD_PLAIN ? form->token[i].text.len : 0;
	}
	return bytes >= WORD_BYTES_MIN;
}

static bool add_form(struct build *build, const struct tw_name_form *form, uint32_t name)
{
	if (!says_something(form)) {
		return true;
	}
	struct form_record *record = tw_list_push(&build->arena, &build->forms, sizeof(*record));
	if (!record) {
		return false;
	}
	*record = (struct form_record){build->terms.count, name};
	for (uint32_t i = 0; i < form->count; i++) {
		struct tw_name_term term = tw_name_term_make(&form->token[i], build->index->domain);
		uint32_t id, *place;
		if (!intern(build, &term, &id) || !(place = tw_list_push(&build->arena, &build->terms, sizeof(*place)))) {
			return false;
		}
		*place = id;
	}
	return true;
}

static bool collect(struct build *build, const struct tw_name_source *names, uint32_t count)
{
	struct tw_name_forms *forms = tw_arena_alloc_raw(&build->arena, sizeof(*forms));
	for (uint32_t i = 0; forms && i < count; i++) {
		tw_arena_reset(&build->scratch);
		if (!tw_name_forms_make(names[i].text, build->index->domain, &build->scratch, forms)) {
			return false;
		}
		for (uint32_t f = 0; f < forms->count; f++) {
			if (!add_form(build, &forms->form[f], names[i].name)) {
				return false;
			}
		}
	}
	return forms != NULL;
}

/* ---- laying out ---- */

static int term_compare(const void *a, const void *b)
{
	const struct tw_name_term *x = *(const struct tw_name_term *const *)a, *y = *(const struct tw_name_term *const *)b;
	if (x->fuzzy != y->fuzzy) {
		return x->fuzzy ? -1 : 1;
	}
	if (x->len != y->len) {
		return x->len < y->len ? -1 : 1;
	}
	int order = memcmp(x->text, y->text, sizeof(x->text));
	return order ? order : (x->word > y->word) - (x->word < y->word);
}

/* Sorted terms into the index; @return old place -> new place, NULL without memory */
static uint32_t *sort_vocabulary(struct build *build)
{
	struct tw_name_index *index = build->index;
	const struct tw_name_term *terms = build->vocabulary.data;
	uint32_t count = build->vocabulary.count;
	const struct tw_name_term **order = tw_arena_alloc_raw(&build->arena, count * sizeof(*order));
	uint32_t *place = tw_arena_alloc_raw(&build->arena, count * sizeof(*place));
	if (!order || !place) {
		return NULL;
	}
	for (uint32_t i = 0; i < count; i++) {
		order[i] = &terms[i];
	}
	qsort(order, count, sizeof(*order), term_compare);
	for (uint32_t i = 0; i < count; i++) {
		index->vocabulary[i] = *order[i];
		index->fuzzy_count += order[i]->fuzzy;
		place[order[i] - terms] = i;
	}
	return place;
}

static void find_runs(struct tw_name_index *index)
{
	uint32_t run = 0;
	for (uint32_t term = 0; term < index->fuzzy_count; term++) {
		const struct tw_name_term *one = &index->vocabulary[term];
		for (uint32_t own = tw_name_run(one->len, (uint32_t)(one->text[0] - 'a'), (uint32_t)(one->text[1] - 'a')); run <= own; run++) {
			index->run[run] = term;
		}
	}
	for (; run <= TW_NAME_RUNS; run++) {
		index->run[run] = index->fuzzy_count;
	}
}

static uint8_t letters_needed(uint32_t a, uint32_t b, uint32_t prefix)
{
	uint32_t most = a < b ? a : b, matched = 1;
	while (matched <= most && !tw_name_may_meet(matched, a, b, prefix < most ? prefix : most)) {
		matched++;
	}
	return (uint8_t)(matched <= most ? matched : 255);
}

static void find_needed(struct tw_name_index *index)
{
	for (uint32_t a = 1; a <= TW_NAME_TERM_BYTES; a++) {
		for (uint32_t b = 1; b <= TW_NAME_TERM_BYTES; b++) {
			for (uint32_t prefix = 0; prefix <= TW_NAME_HEAD; prefix++) {
				index->needed[a][b][prefix] = letters_needed(a, b, prefix);
			}
		}
	}
}

/* Words that lack letters of each other, so many of one and so many of the other, of the lengths at which they are most alike. */
static int32_t most_alike(uint32_t a, uint32_t lacking, uint32_t spare)
{
	int32_t most = 0;
	for (uint32_t b = spare + 1; lacking < a && b <= TW_NAME_TERM_BYTES; b++) {
		uint32_t matched = a - lacking < b - spare ? a - lacking : b - spare;
		int32_t ppm = tw_name_similarity_most(matched, a, b, matched < TW_NAME_HEAD ? matched : TW_NAME_HEAD);
		most = ppm > most ? ppm : most;
	}
	return most;
}

static void find_alike(struct tw_name_index *index)
{
	for (uint32_t a = 1; a <= TW_NAME_TERM_BYTES; a++) {
		for (uint32_t lacking = 0; lacking < 2 * TW_LACKING_MAX + 2; lacking++) {
			int32_t spare = -1;
			while (spare + 1 < TW_NAME_TERM_BYTES && most_alike(a, lacking, (uint32_t)(spare + 1))) {
				spare++;
			}
			index->spare[a][lacking] = spare;
			if (lacking <= TW_LACKING_MAX) {
				index->alike[a][lacking] = most_alike(a, lacking, 0);
			}
		}
	}
}

/* ---- forms ---- */

#define SIZES (TW_NAME_TOKENS_MAX + 1) /* of words, and of tokens */

#define CLASSES (TW_NAME_KINDS * SIZES * SIZES)

/* By (kind, words, tokens) in one number. */
static uint32_t class_of(const struct build *build, uint32_t form, uint32_t end)
{
	const struct tw_name_term *vocabulary = build->vocabulary.data;
	const struct form_record *records = build->forms.data;
	const uint32_t *terms = build->terms.data;
	uint32_t words = 0, initials = 0, from = records[form].first;
	for (uint32_t i = from; i < end; i++) {
		uint32_t word = vocabulary[terms[i]].word;
		words += word == TW_WORD_PLAIN || word == TW_WORD_INITIAL;
		initials += word == TW_WORD_INITIAL;
	}
	uint32_t kind = initials < TW_NAME_KINDS ? initials : TW_NAME_KINDS - 1;
	return (kind * SIZES + words) * SIZES + end - from;
}

static uint32_t end_of(const struct build *build, uint32_t form)
{
	const struct form_record *records = build->forms.data;
	return form + 1 < build->forms.count ? records[form + 1].first : build->terms.count;
}

/* Where the forms of each class begin. @param first by class, how many forms it has; then its first form */
static bool find_classes(struct build *build, uint32_t *first, struct tw_arena *arena)
{
	struct tw_name_index *index = build->index;
	uint32_t form = 0, place = 0, classes = 0;
	for (uint32_t i = 0; i < CLASSES; i++) {
		classes += first[i] != 0;
	}
	index->class_count = 0;
	index->class = tw_arena_alloc_raw(arena, ((size_t)classes + 1) * sizeof(*index->class));
	if (!index->class) {
		return false;
	}
	for (uint32_t i = 0; i < CLASSES; i++) {
		uint32_t count = first[i], tokens = i % SIZES;
		if (tokens == 0) {
			index->words_at[i / SIZES / SIZES][i / SIZES % SIZES] = form;
		}
		first[i] = form;
		if (count) {
			index->class[index->class_count++] = (struct tw_name_class){form, place, tokens};
		}
		form += count;
		place += count * tokens;
		index->words_at[i / SIZES / SIZES][SIZES] = form;
	}
	index->class[index->class_count] = (struct tw_name_class){form, place, 0};
	return true;
}

/* Forms of a class stay in the order in which they came: names of one entry side by side. */
static bool sort_forms(struct build *build, struct tw_arena *arena)
{
	build->first = tw_arena_alloc(&build->arena, CLASSES * sizeof(*build->first));
	for (uint32_t form = 0; build->first && form < build->forms.count; form++) {
		build->first[class_of(build, form, end_of(build, form))]++;
	}
	return build->first && find_classes(build, build->first, arena);
}

static void copy_forms(struct build *build, const uint32_t *place)
{
	struct tw_name_index *index = build->index;
	const struct form_record *records = build->forms.data;
	const uint32_t *terms = build->terms.data;
	for (uint32_t form = 0; form < index->form_count; form++) {
		uint32_t end = end_of(build, form), at = build->first[class_of(build, form, end)]++, count;
		uint32_t *to = index->form_term + (tw_name_index_form(index, at, &count) - index->form_term);
		index->form_name[at] = records[form].name;
		for (uint32_t i = 0; i < count; i++) {
			to[i] = place[terms[records[form].first + i]];
		}
	}
}

/* ---- postings ---- */

/* Is the term's first place in its form here? A name with a word twice is one form that holds it. */
static bool is_first(const uint32_t *term, uint32_t at)
{
	for (uint32_t i = 0; i < at; i++) {
		if (term[i] == term[at]) {
			return false;
		}
	}
	return true;
}

/* Nobody asks for the forms of a stop word. */
static bool is_posted(const struct tw_name_index *index, uint32_t term)
{
	uint32_t word = index->vocabulary[term].word;
	return word == TW_WORD_PLAIN || word == TW_WORD_INITIAL;
}

/* What a posting says of the words of a form but for the one at `at`. */
static uint64_t beside(const struct tw_name_index *index, const uint32_t *term, uint32_t count, uint32_t at)
{
	uint32_t letters = 0, weight = 0;
	for (uint32_t i = 0; i < count; i++) {
		bool other = i != at && is_posted(index, term[i]);
		letters |= other ? index->masks[term[i]] & TW_POSTING_LETTERS : 0;
		weight += other ? tw_name_left_out(index->rules, index->head[term[i]].weight) : 0;
	}
	weight = weight / TW_POSTING_WEIGHT < TW_POSTING_WEIGHT_MAX ? weight / TW_POSTING_WEIGHT : TW_POSTING_WEIGHT_MAX;
	return (uint64_t)weight << TW_POSTING_WEIGHT_AT | (uint64_t)letters << TW_POSTING_LETTERS_AT;
}

/* @param next by term: where its next posting goes */
static void post_form(struct tw_name_index *index, uint32_t form, uint32_t *next)
{
	uint32_t count;
	const uint32_t *term = tw_name_index_form(index, form, &count);
	for (uint32_t i = 0; i < count; i++) {
		if (is_posted(index, term[i]) && is_first(term, i)) {
			index->posting[next[term[i]]++] = beside(index, term, count, i) | form;
		}
	}
}

static void count_form(struct tw_name_index *index, uint32_t form)
{
	uint32_t count;
	const uint32_t *term = tw_name_index_form(index, form, &count);
	for (uint32_t i = 0; i < count; i++) {
		index->head[term[i] + 1].posting += is_posted(index, term[i]) && is_first(term, i);
	}
}

static void count_postings(struct tw_name_index *index)
{
	for (uint32_t form = 0; form < index->form_count; form++) {
		count_form(index, form);
	}
	for (uint32_t term = 0; term < index->term_count; term++) {
		index->head[term + 1].posting += index->head[term].posting;
	}
}

/* @param next room for a number a term */
static bool post(struct tw_name_index *index, uint32_t *next, struct tw_arena *arena)
{
	index->posting = tw_arena_alloc(arena, ((size_t)index->head[index->term_count].posting + TW_SCAN_PADDING) * sizeof(*index->posting));
	for (uint32_t term = 0; term < index->term_count; term++) {
		next[term] = index->head[term].posting;
	}
	for (uint32_t form = 0; index->posting && form < index->form_count; form++) {
		post_form(index, form, next);
	}
	return index->posting != NULL;
}

/* Postings are by form, and so by kind. */
static void note_kinds(struct tw_name_index *index)
{
	for (uint32_t term = 0; term < index->term_count; term++) {
		uint32_t end = index->head[term + 1].posting, last = end > index->head[term].posting ? tw_name_posting_form(index->posting[end - 1]) : 0;
		for (uint16_t kind = 1; kind < TW_NAME_KINDS && last >= index->words_at[kind][0]; kind++) {
			index->head[term].kind = kind;
		}
	}
}

static bool grow_tree(struct tw_name_index *index, struct tw_arena *arena)
{
	uint32_t first[TW_TREE_LENGTHS + 1] = {0};
	for (uint32_t length = 0; length <= TW_TREE_LENGTHS; length++) {
		first[length] = index->run[tw_name_run(length, 0, 0)];
	}
	return tw_name_tree_build(&index->tree, index->masks, index->head, first, arena);
}

/* What is known of a term by itself. */
static void describe(struct tw_name_index *index)
{
	for (uint32_t term = 0; term < index->term_count; term++) {
		index->masks[term] = tw_name_mask(&index->vocabulary[term]);
		index->head[term].letters = tw_jaro_pack(&index->vocabulary[term]);
		tw_name_slot_set(index->slot, index->slots, &index->vocabulary[term], term);
		tw_name_filter_set(index, &index->vocabulary[term]);
	}
	find_runs(index);
	find_needed(index);
	find_alike(index);
}

static void weigh(struct tw_name_index *index)
{
	for (uint32_t term = 0; term < index->term_count; term++) {
		uint32_t holding = index->head[term + 1].posting - index->head[term].posting;
		tw_name_term_weigh(&index->vocabulary[term], index->rules, index->form_count, holding);
		index->head[term].weight = index->vocabulary[term].weight;
	}
}

static bool make_room(struct build *build, struct tw_arena *arena)
{
	struct tw_name_index *index = build->index;
	index->term_count = build->vocabulary.count;
	index->form_count = build->forms.count;
	index->slots = index->term_count + index->term_count / 4 + 1; /* a look at others' slots stays within a line of memory */
	index->vocabulary = tw_arena_alloc_raw(arena, index->term_count * sizeof(*index->vocabulary));
	index->masks = tw_arena_alloc(arena, ((size_t)index->term_count + TW_SCAN_PADDING) * sizeof(*index->masks));
	index->run = tw_arena_alloc_raw(arena, (TW_NAME_RUNS + 1) * sizeof(*index->run));
	index->slot = tw_arena_alloc(arena, index->slots * sizeof(*index->slot));
	index->filter = tw_arena_alloc(arena, tw_name_filter_words(index) * sizeof(*index->filter));
	index->form_term = tw_arena_alloc_raw(arena, build->terms.count * sizeof(*index->form_term));
	index->form_name = tw_arena_alloc_raw(arena, index->form_count * sizeof(*index->form_name));
	index->head = tw_arena_alloc(arena, ((size_t)index->term_count + 1) * sizeof(*index->head));
	return index->vocabulary && index->masks && index->head && index->run && index->slot && index->filter && index->form_term && index->form_name;
}

static bool lay_out(struct build *build, struct tw_arena *arena)
{
	struct tw_name_index *index = build->index;
	uint32_t *place = make_room(build, arena) ? sort_vocabulary(build) : NULL;
	if (!place || !sort_forms(build, arena)) {
		return false;
	}
	describe(index);
	copy_forms(build, place);
	count_postings(index);
	weigh(index);
	if (!post(index, place, arena)) { /* the old places are not asked for again */
		return false;
	}
	note_kinds(index);
	return grow_tree(index, arena) && tw_name_near_build(index, arena);
}

bool tw_name_index_build(struct tw_name_index *index, enum tw_name_domain domain, const struct tw_name_source *names, uint32_t count,
                         struct tw_arena *arena)
{
	struct build build = {.index = index};
	*index = (struct tw_name_index){.domain = domain, .rules = tw_name_rules_of(domain), .scan = tw_name_scan_best()};
	tw_arena_init(&build.arena, BUILD_BLOCK_BYTES, 0);
	tw_arena_init(&build.scratch, BUILD_BLOCK_BYTES / 16, 0);
	bool fits = collect(&build, names, count) && lay_out(&build, arena);
	tw_arena_fini(&build.arena);
	tw_arena_fini(&build.scratch);
	free(build.slot);
	return fits;
}
