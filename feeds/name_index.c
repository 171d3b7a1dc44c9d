/**
 * @file name_index.c
 * Building the index of one domain: terms interned as they come, sorted once, postings by counting. See name_index.h.
 */
#include "feeds/name_index.h"

#include <stdlib.h>

#include "engine/base/arena.h"
#include "engine/base/hash.h"
#include "feeds/index_array.h"

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
	uint32_t slot_mask;
};

static uint64_t term_hash(const struct tw_name_term *term)
{
	return tw_hash64(term->text, sizeof(term->text), term->word);
}

static bool same_term(const struct tw_name_term *a, const struct tw_name_term *b)
{
	return a->len == b->len && a->word == b->word && memcmp(a->text, b->text, sizeof(a->text)) == 0;
}

static uint32_t find(const uint32_t *slot, uint32_t mask, const struct tw_name_term *vocabulary, const struct tw_name_term *term, uint32_t *at)
{
	for (*at = (uint32_t)term_hash(term) & mask; slot[*at]; *at = (*at + 1) & mask) {
		if (same_term(&vocabulary[slot[*at] - 1], term)) {
			return slot[*at] - 1;
		}
	}
	return UINT32_MAX;
}

uint32_t tw_name_index_find(const struct tw_name_index *index, const struct tw_name_term *term)
{
	uint32_t at;
	return find(index->slot, index->slot_mask, index->vocabulary, term, &at);
}

uint32_t tw_name_head(const struct tw_name_term *term)
{
	uint32_t head = 0;
	for (uint32_t i = 0; i < TW_NAME_HEAD; i++) {
		head = head << 8 | (uint8_t)term->text[i];
	}
	return head;
}

uint32_t tw_name_mask(const struct tw_name_term *term)
{
	static const char twice[] = "aeinrs";
	uint32_t mask = (uint32_t)(term->letters & 0x3FFFFFFU), again = (uint32_t)(term->letters >> 32);
	for (uint32_t i = 0; i < sizeof(twice) - 1; i++) {
		mask |= (again >> (twice[i] - 'a') & 1U) << (26 + i);
	}
	return mask;
}

/* ---- collecting ---- */

static bool grow_slots(struct build *build)
{
	uint32_t size = build->slot ? (build->slot_mask + 1) * 2 : SLOTS_MIN;
	uint32_t *slot = calloc(size, sizeof(*slot));
	if (!slot) {
		return false;
	}
	const struct tw_name_term *vocabulary = build->vocabulary.data;
	for (uint32_t i = 0; i < build->vocabulary.count; i++) {
		uint32_t at;
		find(slot, size - 1, vocabulary, &vocabulary[i], &at);
		slot[at] = i + 1;
	}
	free(build->slot);
	build->slot = slot;
	build->slot_mask = size - 1;
	return true;
}

static bool intern(struct build *build, const struct tw_name_term *term, uint32_t *out)
{
	uint32_t at;
	if ((!build->slot || build->vocabulary.count >= build->slot_mask / 2) && !grow_slots(build)) {
		return false;
	}
	*out = find(build->slot, build->slot_mask, build->vocabulary.data, term, &at);
	if (*out != UINT32_MAX) {
		return true;
	}
	struct tw_name_term *added = tw_list_push(&build->arena, &build->vocabulary, sizeof(*added));
	if (!added) {
		return false;
	}
	*added = *term;
	*out = build->vocabulary.count - 1;
	build->slot[at] = *out + 1;
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

static void find_letters(struct tw_name_index *index)
{
	uint32_t at = 0;
	for (uint32_t length = 0; length < TW_NAME_TERM_BYTES + 2; length++) {
		for (uint32_t letter = 0; letter < 27; letter++) {
			while (at < index->fuzzy_count &&
			       (index->vocabulary[at].len < length ||
			        (index->vocabulary[at].len == length && (uint32_t)(index->vocabulary[at].text[0] - 'a') < letter))) {
				at++;
			}
			index->letter_at[length][letter] = at;
		}
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

static void copy_forms(struct build *build, const uint32_t *place)
{
	struct tw_name_index *index = build->index;
	const struct form_record *records = build->forms.data;
	const uint32_t *terms = build->terms.data;
	for (uint32_t form = 0; form < index->form_count; form++) {
		uint32_t end = form + 1 < index->form_count ? records[form + 1].first : build->terms.count;
		index->form_first[form] = records[form].first;
		index->form_name[form] = records[form].name;
		for (uint32_t i = records[form].first; i < end; i++) {
			index->form_term[i] = place[terms[i]];
			if (index->vocabulary[index->form_term[i]].word == TW_WORD_INITIAL) {
				index->form_initials[form / 64] |= UINT64_C(1) << form % 64;
			}
		}
	}
	index->form_first[index->form_count] = build->terms.count;
}

static bool has_initials(const struct tw_name_index *index, uint32_t form)
{
	return index->form_initials[form / 64] >> form % 64 & 1;
}

/* Is the term's first place in its form here? A name with a word twice is one form that holds it. */
static bool is_first(const struct tw_name_index *index, uint32_t form, uint32_t at)
{
	for (uint32_t i = index->form_first[form]; i < at; i++) {
		if (index->form_term[i] == index->form_term[at]) {
			return false;
		}
	}
	return true;
}

/* Postings by counting, then filling; `first` has room for term_count + 2 and ends as term_count + 1 places. */
static uint32_t *post(struct tw_name_index *index, struct tw_arena *arena, bool initials_only, uint32_t *first)
{
	uint32_t *posting = NULL;
	for (uint32_t pass = 0; pass < 2; pass++) {
		for (uint32_t form = 0; form < index->form_count; form++) {
			if (initials_only && !has_initials(index, form)) {
				continue;
			}
			for (uint32_t i = index->form_first[form]; i < index->form_first[form + 1]; i++) {
				uint32_t term = index->form_term[i];
				if (index->vocabulary[term].word != TW_WORD_PLAIN || !is_first(index, form, i)) {
					continue; /* nobody asks for the forms of a stop word */
				}
				if (pass) {
					posting[first[term + 1]++] = form;
				} else {
					first[term + 2]++;
				}
			}
		}
		for (uint32_t term = 2; !pass && term < index->term_count + 2; term++) {
			first[term] += first[term - 1];
		}
		if (!pass && !(posting = tw_arena_alloc_raw(arena, ((size_t)first[index->term_count + 1] + 1) * sizeof(*posting)))) {
			return NULL;
		}
	}
	return posting;
}

static bool grow_tree(struct tw_name_index *index, struct tw_arena *arena)
{
	uint32_t first[TW_TREE_LENGTHS + 1] = {0};
	for (uint32_t length = 0; length <= TW_TREE_LENGTHS; length++) {
		first[length] = index->letter_at[length][0];
	}
	return tw_name_tree_build(&index->tree, index->masks, index->head, first, arena);
}

static void weigh(struct tw_name_index *index)
{
	for (uint32_t term = 0; term < index->term_count; term++) {
		uint32_t holding = index->posting_first[term + 1] - index->posting_first[term], at;
		tw_name_term_weigh(&index->vocabulary[term], index->rules, index->form_count, holding);
		index->weight[term] = index->vocabulary[term].weight;
		index->masks[term] = tw_name_mask(&index->vocabulary[term]);
		index->head[term] = tw_name_head(&index->vocabulary[term]);
		find(index->slot, index->slot_mask, index->vocabulary, &index->vocabulary[term], &at);
		index->slot[at] = term + 1;
	}
}

static bool lay_out(struct build *build, struct tw_arena *arena)
{
	struct tw_name_index *index = build->index;
	index->term_count = build->vocabulary.count;
	index->form_count = build->forms.count;
	uint32_t slots = SLOTS_MIN;
	while (slots < index->term_count * 2) {
		slots *= 2;
	}
	index->slot_mask = slots - 1;
	index->vocabulary = tw_arena_alloc_raw(arena, index->term_count * sizeof(*index->vocabulary));
	index->masks = tw_arena_alloc(arena, ((size_t)index->term_count + TW_SCAN_PADDING) * sizeof(*index->masks));
	index->head = tw_arena_alloc_raw(arena, index->term_count * sizeof(*index->head));
	index->weight = tw_arena_alloc_raw(arena, index->term_count * sizeof(*index->weight));
	index->slot = tw_arena_alloc(arena, slots * sizeof(*index->slot));
	index->form_first = tw_arena_alloc_raw(arena, ((size_t)index->form_count + 1) * sizeof(*index->form_first));
	index->form_term = tw_arena_alloc_raw(arena, build->terms.count * sizeof(*index->form_term));
	index->form_name = tw_arena_alloc_raw(arena, index->form_count * sizeof(*index->form_name));
	index->form_initials = tw_arena_alloc(arena, ((size_t)index->form_count / 64 + 1) * sizeof(*index->form_initials));
	index->posting_first = tw_arena_alloc(arena, ((size_t)index->term_count + 2) * sizeof(*index->posting_first));
	index->initialled_first = tw_arena_alloc(arena, ((size_t)index->term_count + 2) * sizeof(*index->initialled_first));
	bool rooms = index->vocabulary && index->masks && index->head && index->weight && index->slot && index->form_first && index->form_term &&
	             index->form_name && index->form_initials && index->posting_first && index->initialled_first;
	const uint32_t *place = rooms ? sort_vocabulary(build) : NULL;
	if (!place) {
		return false;
	}
	find_letters(index);
	find_needed(index);
	copy_forms(build, place);
	index->posting = post(index, arena, false, index->posting_first);
	index->initialled = index->posting ? post(index, arena, true, index->initialled_first) : NULL;
	if (!index->initialled) {
		return false;
	}
	weigh(index);
	return grow_tree(index, arena);
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

#define ARRAY(name, size)                                                                                                                            \
	{                                                                                                                                            \
#name, &index->name, sizeof(*index->name), (uint64_t)(size)                                                                          \
	}

bool tw_name_index_array(struct tw_name_index *index, uint32_t number, struct tw_index_array *out)
{
	uint64_t terms = index->term_count, forms = index->form_count;
	const uint32_t *first = index->form_first, *posted = index->posting_first, *initialled = index->initialled_first;
	const struct tw_index_array arrays[] = {
	    ARRAY(vocabulary, terms),
	    ARRAY(masks, terms + TW_SCAN_PADDING),
	    ARRAY(tree.mask, (uint64_t)index->tree.groups * TW_TREE_GROUP),
	    ARRAY(tree.head, (uint64_t)index->tree.groups * TW_TREE_GROUP),
	    ARRAY(tree.term, (uint64_t)index->tree.groups * TW_TREE_GROUP),
	    ARRAY(tree.leaf, index->tree.groups),
	    ARRAY(tree.top, index->tree.tops),
	    ARRAY(head, terms),
	    ARRAY(weight, terms),
	    ARRAY(slot, (uint64_t)index->slot_mask + 1),
	    ARRAY(form_first, forms + 1),
	    ARRAY(form_term, first ? first[forms] : 0),
	    ARRAY(form_name, forms),
	    ARRAY(form_initials, forms / 64 + 1),
	    ARRAY(posting_first, terms + 2),
	    ARRAY(posting, posted ? posted[terms + 1] : 0),
	    ARRAY(initialled_first, terms + 2),
	    ARRAY(initialled, initialled ? initialled[terms + 1] : 0),
	};
	if (number >= sizeof(arrays) / sizeof(arrays[0])) {
		return false;
	}
	*out = arrays[number];
	return true;
}
