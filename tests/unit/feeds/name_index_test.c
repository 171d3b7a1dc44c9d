/**
 * @file name_index_test.c
 * The fuzzy index against comparing with every name, on the shipped lists: the same names at the same similarity, whatever the query,
 * the threshold, the way of scanning, and what the memo remembers. TW_NAME_QUERIES sets how many queries (a domain).
 */
#include "feeds/name_index.h"
#include "feeds/name_script_index.h"

#include "tests/unit/feeds/list_fixture.h"

#define QUERIES    250U
#define NAME_BYTES 512U

static struct tw_arena arena;
static struct tw_list_stage *un, *ofac;

struct sources {
	struct tw_name_source name[30000];
	uint32_t count;
};
static struct sources sources[3];

static void gather(const struct tw_list_stage *stage)
{
	const struct tw_stage_name *names = stage->names.data;
	const struct tw_stage_entry *entries = stage->entries.data;
	for (uint32_t i = 0; i < stage->names.count; i++) {
		enum tw_entry_kind kind = entries[names[i].entry].kind;
		struct sources *to = &sources[kind == TW_ENTRY_PERSON ? 0 : kind == TW_ENTRY_VESSEL ? 2 : 1];
		to->name[to->count] = (struct tw_name_source){names[i].name.text, to->count};
		to->count++;
	}
}

static void setup(void)
{
	static const char *const ofac_names[] = {SAMPLE_OFAC "/sdn.csv", SAMPLE_OFAC "/alt.csv", SAMPLE_OFAC "/add.csv"};
	struct tw_error err = {0};
	struct tw_list_file files[3];
	tw_arena_init(&arena, 1 << 20, 0);
	un = fixture_stage("un-sc");
	ofac = fixture_stage("ofac-sdn");
	files[0] = (struct tw_list_file){SAMPLE_UN, fixture_read(SAMPLE_UN)};
	cr_assert_eq(tw_un_xml_load(un, files, &err), TW_OK);
	free((void *)(uintptr_t)files[0].bytes.ptr);
	for (size_t i = 0; i < 3; i++) {
		files[i] = (struct tw_list_file){ofac_names[i], fixture_read(ofac_names[i])};
	}
	cr_assert_eq(tw_ofac_csv_load(ofac, files, &err), TW_OK);
	for (size_t i = 0; i < 3; i++) {
		free((void *)(uintptr_t)files[i].bytes.ptr);
	}
	gather(un);
	gather(ofac);
}

static void teardown(void)
{
	fixture_stage_free(un);
	fixture_stage_free(ofac);
	tw_arena_fini(&arena);
	memset(sources, 0, sizeof(sources));
}

TestSuite(name_index, .init = setup, .fini = teardown, .timeout = 600);

/* ---- queries ---- */

static uint32_t seed;

static uint32_t random_below(uint32_t bound)
{
	seed = seed * 1664525U + 1013904223U;
	return (seed >> 8) % bound;
}

static struct tw_slice any_name(uint32_t domain)
{
	return sources[domain].name[random_below(sources[domain].count)].text;
}

/* One word of some listed name, with a blank before it. */
static void append_word(char *text, uint32_t domain)
{
	struct tw_slice name = any_name(domain);
	uint32_t from = random_below(name.len), length = 0, at = (uint32_t)strlen(text);
	while (from && name.ptr[from - 1] != ' ') {
		from--;
	}
	while (from + length < name.len && name.ptr[from + length] != ' ') {
		length++;
	}
	if (at + length + 2 < NAME_BYTES) {
		snprintf(text + at, NAME_BYTES - at, " %.*s", (int)length, name.ptr + from);
	}
}

static void edit(char *text)
{
	uint32_t length = (uint32_t)strlen(text), at = length ? random_below(length) : 0;
	if (length < 3 || length + 2 > NAME_BYTES) {
		return;
	}
	switch (random_below(5)) {
	case 0:
		memmove(text + at, text + at + 1, length - at);
		break;
	case 1:
		memmove(text + at + 1, text + at, length - at + 1);
		text[at] = "aehiouyk "[random_below(9)];
		break;
	case 2:
		text[at] = (char)('a' + random_below(26));
		break;
	case 3:
		if (at + 1 < length) {
			char swap = text[at];
			text[at] = text[at + 1];
			text[at + 1] = swap;
		}
		break;
	default: { /* a word becomes an initial */
		while (at && text[at - 1] != ' ') {
			at--;
		}
		char *end = strchr(text + at, ' ');
		if (end && end > text + at + 1) {
			memmove(text + at + 1, end, strlen(end) + 1);
		}
	}
	}
}

/* A listed name, altered up to three times, sometimes longer or shorter by a word; or words of several names. */
static void make_query(char *text, uint32_t domain)
{
	text[0] = '\0';
	if (random_below(4) == 0) {
		for (uint32_t words = 1 + random_below(5); words; words--) {
			append_word(text, domain);
		}
	} else {
		struct tw_slice name = any_name(domain);
		snprintf(text, NAME_BYTES, "%.*s", (int)(name.len < NAME_BYTES - 1 ? name.len : NAME_BYTES - 1), name.ptr);
	}
	for (uint32_t edits = random_below(4); edits; edits--) {
		edit(text);
	}
	if (random_below(4) == 0) {
		append_word(text, domain);
	}
	char *space = strchr(text, ' ');
	if (space && random_below(5) == 0) {
		memmove(text, space + 1, strlen(space));
	}
}

/* ---- answers ---- */

struct answer {
	int32_t best[30000];
	uint32_t hits;
	uint64_t sum;
};

static void note(void *context, uint32_t name, struct tw_name_agreement agreement)
{
	struct answer *answer = context;
	answer->hits += answer->best[name] == 0;
	answer->best[name] = agreement.ppm > answer->best[name] ? agreement.ppm : answer->best[name];
	answer->sum += (uint64_t)agreement.ppm * 31 + agreement.weight + name;
}

static struct tw_name_listener into(struct answer *answer)
{
	memset(answer, 0, sizeof(*answer));
	return (struct tw_name_listener){note, answer};
}

static int32_t wanted_threshold; /* 0: one of several */

static uint64_t compare_all(uint32_t domain, uint32_t queries)
{
	static struct answer expected, got;
	static const int32_t thresholds[] = {860000, 860000, 780000, 930000};
	struct tw_name_index index;
	struct tw_name_forms forms;
	char text[NAME_BYTES];
	uint64_t hits = 0;
	enum tw_name_domain name_domain = (enum tw_name_domain)(domain + TW_NAME_OF_PERSON);
	cr_assert(tw_name_index_build(&index, name_domain, sources[domain].name, sources[domain].count, &arena));
	struct tw_name_memo *memo = tw_name_memo_new(&index);
	struct tw_arena scratch;
	tw_arena_init(&scratch, 65536, 0);
	cr_assert(memo);
	for (uint32_t i = 0; i < queries; i++) {
		make_query(text, domain);
		tw_arena_reset(&scratch);
		cr_assert(tw_name_forms_make(tw_slice_str(text), name_domain, &scratch, &forms));
		int32_t threshold = wanted_threshold ? wanted_threshold : thresholds[random_below(4)];
		for (uint32_t f = 0; f < forms.count; f++) {
			tw_name_index_search_all(&index, &forms.form[f], threshold, into(&expected));
			for (uint32_t scan = 0; scan < TW_NAME_SCANS; scan++) {
				if (!tw_name_scan_has((enum tw_name_scan)scan)) {
					continue;
				}
				index.scan = (enum tw_name_scan)scan;
				if (random_below(8)) {
					tw_name_memo_forget(memo);
				}
				cr_assert(tw_name_index_search(&index, memo, &forms.form[f], threshold, into(&got)));
				cr_assert_eq(got.sum, expected.sum, "\"%s\" at %d: %u hits of %u", text, threshold, got.hits, expected.hits);
				cr_assert_eq(memcmp(got.best, expected.best, sizeof(got.best)), 0, "\"%s\" at %d", text, threshold);
			}
			hits += expected.hits;
		}
	}
	tw_arena_fini(&scratch);
	tw_name_memo_free(memo);
	return hits;
}

static uint32_t queries(void)
{
	const char *wanted = getenv("TW_NAME_QUERIES");
	return wanted && *wanted ? (uint32_t)strtoul(wanted, NULL, 10) : QUERIES;
}

Test(name_index, answers_as_comparing_with_every_person_does)
{
	seed = 1;
	cr_expect_gt(compare_all(0, queries()), (uint64_t)queries() / 2, "queries that hit nothing test nothing");
}

Test(name_index, answers_as_comparing_with_every_organisation_does)
{
	seed = 2;
	cr_expect_gt(compare_all(1, queries()), (uint64_t)queries() / 2);
}

Test(name_index, answers_as_comparing_with_every_vessel_does)
{
	seed = 3;
	cr_expect_gt(compare_all(2, queries()), (uint64_t)queries() / 4);
}

/* ---- the same with names made of few letters, so that many agree in part, with initials, numbers, stop words and long names ---- */

#define MADE 4000U

static void append_made(char *text, uint32_t domain)
{
	static const char *const others[] = {"of", "al", "ltd", "co", "j", "r", "7", "b12", "iv", "trading", "adreina", "nerida"};
	char word[TW_NAME_TERM_BYTES + 1] = {0};
	uint32_t at = (uint32_t)strlen(text);
	if (random_below(4) == 0) {
		snprintf(text + at, NAME_BYTES - at, "%s%s", at ? " " : "", others[random_below(sizeof(others) / sizeof(others[0]))]);
		return;
	}
	for (uint32_t left = 2 + random_below(domain ? 12 : 7), i = 0; i < left; i++) {
		word[i] = "adeinrst"[random_below(8) * random_below(8) / 7];
	}
	snprintf(text + at, NAME_BYTES - at, "%s%s", at ? " " : "", word);
}

static void make_made(char *text, uint32_t domain)
{
	text[0] = '\0';
	for (uint32_t words = 1 + random_below(random_below(12) ? 4 : 14); words; words--) {
		append_made(text, domain);
	}
}

static void fill_made(uint32_t domain)
{
	char text[NAME_BYTES];
	sources[domain].count = 0;
	for (uint32_t i = 0; i < MADE; i++) {
		make_made(text, domain);
		struct tw_slice copy = tw_arena_copy(&arena, tw_slice_str(text));
		cr_assert_not_null(copy.ptr);
		sources[domain].name[sources[domain].count++] = (struct tw_name_source){copy, i};
	}
}

Test(name_index, answers_of_made_names_as_comparing_with_every_one_does)
{
	for (uint32_t domain = 0; domain < 3; domain++) {
		seed = 31 + domain;
		fill_made(domain);
		cr_expect_gt(compare_all(domain, queries()), (uint64_t)queries() / 2);
	}
}

Test(name_index, answers_at_any_threshold_as_comparing_with_every_name_does)
{
	seed = 41;
	fill_made(0);
	wanted_threshold = 1;
	cr_expect_gt(compare_all(0, queries() / 10), (uint64_t)queries());
	wanted_threshold = 600000;
	cr_expect_gt(compare_all(0, queries() / 5), (uint64_t)queries());
	wanted_threshold = TW_PPM;
	cr_expect_gt(compare_all(0, queries() / 5), 0u);
	wanted_threshold = 0;
}

/* ---- the same for scripts without vowels ---- */

/* Listed names in Arabic and Hebrew letters, as they are, with a letter gone, or with a word of another one. */
static bool make_script_query(char *text, uint32_t domain)
{
	struct tw_slice name = any_name(domain);
	for (uint32_t tries = 0; tries < 20000 && !tw_script_asks(name); tries++) {
		name = any_name(domain);
	}
	snprintf(text, NAME_BYTES, "%.*s", (int)(name.len < NAME_BYTES / 2 ? name.len : NAME_BYTES / 2), name.ptr);
	uint32_t length = (uint32_t)strlen(text), at = length / 2 - length / 2 % 2;
	if (random_below(3) == 0 && length > 8 && ((unsigned char)text[at] & 0xe0) == 0xc0) {
		memmove(text + at, text + at + 2, length - at - 1);
	} else if (random_below(3) == 0) {
		char *space = strchr(text, ' ');
		memmove(text, space ? space + 1 : text, strlen(space ? space + 1 : text) + 1);
	}
	if (random_below(4) == 0) {
		append_word(text, domain);
	}
	return tw_script_asks(name);
}

static uint64_t compare_script(uint32_t domain, uint32_t wanted)
{
	static struct answer expected, got;
	static const int32_t thresholds[] = {860000, 780000, 930000};
	struct tw_name_index index;
	struct tw_script_index script;
	struct tw_script_forms *forms = tw_arena_alloc(&arena, sizeof(*forms));
	char text[NAME_BYTES];
	uint64_t hits = 0;
	enum tw_name_domain name_domain = (enum tw_name_domain)(domain + TW_NAME_OF_PERSON);
	cr_assert(tw_name_index_build(&index, name_domain, sources[domain].name, sources[domain].count, &arena));
	cr_assert(tw_script_index_build(&script, &index, &arena));
	struct tw_arena scratch;
	struct tw_script_memo *memo = tw_script_memo_new();
	cr_assert_not_null(memo);
	tw_arena_init(&scratch, 65536, 0);
	for (uint32_t i = 0; i < wanted && make_script_query(text, domain); i++) {
		tw_arena_reset(&scratch);
		cr_assert(tw_script_forms_make(tw_slice_str(text), name_domain, &scratch, forms));
		int32_t threshold = thresholds[random_below(3)];
		cr_assert(tw_script_index_search_all(&script, forms, threshold, &scratch, into(&expected)));
		cr_assert(tw_script_index_search(&script, memo, forms, threshold, &scratch, into(&got)));
		cr_assert_eq(got.sum, expected.sum, "\"%s\" at %d: %u hits of %u", text, threshold, got.hits, expected.hits);
		cr_assert_eq(memcmp(got.best, expected.best, sizeof(got.best)), 0, "\"%s\" at %d", text, threshold);
		hits += expected.hits;
	}
	tw_script_memo_free(memo);
	tw_arena_fini(&scratch);
	return hits;
}

Test(name_index, names_without_vowels_meet_as_comparing_with_every_person_does)
{
	seed = 4;
	cr_expect_gt(compare_script(0, queries()), (uint64_t)queries() / 2);
}

Test(name_index, names_without_vowels_meet_as_comparing_with_every_organisation_does)
{
	seed = 5;
	cr_expect_gt(compare_script(1, queries()), (uint64_t)queries() / 16);
}

/* What the search finds by keys is what the definition says of each word alone. */
Test(name_index, a_word_without_vowels_meets_every_listed_word_that_spells_it)
{
	struct tw_name_index index;
	struct tw_script_index script;
	struct tw_script_forms *forms = tw_arena_alloc(&arena, sizeof(*forms));
	struct answer *got = calloc(1, sizeof(*got));
	uint32_t spelt = 0;
	cr_assert(tw_name_index_build(&index, TW_NAME_OF_PERSON, sources[0].name, sources[0].count, &arena));
	cr_assert(tw_script_index_build(&script, &index, &arena));
	cr_assert(tw_script_forms_make(tw_slice_str("ابراهيم"), TW_NAME_OF_PERSON, &arena, forms));
	for (uint32_t term = 0; term < index.fuzzy_count; term++) {
		struct tw_slice text = {index.vocabulary[term].text, index.vocabulary[term].len};
		int32_t ppm = tw_script_spells(forms->form[0].token[0].word, text);
		for (uint32_t p = index.head[term].posting; ppm == TW_PPM && p < index.head[term + 1].posting; p++) {
			uint32_t form = tw_name_posting_form(index.posting[p]), tokens;
			tw_name_index_form(&index, form, &tokens);
			if (tokens == 1) {
				cr_assert(tw_script_index_search(&script, NULL, forms, TW_PPM, &arena, into(got)));
				cr_expect_eq(got->best[index.form_name[form]], TW_PPM, "%.*s", (int)text.len, text.ptr);
			}
		}
		spelt += ppm > 0;
	}
	cr_expect_gt(spelt, 3u);
	cr_assert(tw_script_forms_make(tw_slice_str("علي"), TW_NAME_OF_PERSON, &arena, forms));
	cr_assert(tw_script_index_search(&script, NULL, forms, 1, &arena, into(got)));
	cr_expect_eq(got->hits, 0u, "one consonant alone says nothing");
	free(got);
}

/* What a posting says beside its form, and where forms stand. */
static void expect_posting(const struct tw_name_index *index, uint32_t term, uint64_t posting)
{
	uint32_t form = tw_name_posting_form(posting), count, letters = 0, weight = 0, own = 0, words = 0, initials = 0;
	const uint32_t *terms = tw_name_index_form(index, form, &count);
	for (uint32_t i = 0; i < count; i++) {
		const struct tw_name_term *one = &index->vocabulary[terms[i]];
		bool word = one->word == TW_WORD_PLAIN || one->word == TW_WORD_INITIAL;
		bool other = word && (terms[i] != term || own++);
		letters |= other ? tw_name_mask(one) & TW_POSTING_LETTERS : 0;
		weight += other ? tw_name_left_out(index->rules, one->weight) : 0;
		words += word;
		initials += one->word == TW_WORD_INITIAL;
	}
	cr_assert_gt(own, 0u);
	cr_assert_eq((uint32_t)(posting >> TW_POSTING_LETTERS_AT) & TW_POSTING_LETTERS, letters);
	cr_assert_eq(posting >> TW_POSTING_WEIGHT_AT,
	             weight / TW_POSTING_WEIGHT < TW_POSTING_WEIGHT_MAX ? weight / TW_POSTING_WEIGHT : TW_POSTING_WEIGHT_MAX);
	cr_assert_geq(form, index->words_at[initials < 2 ? initials : 2][words]);
	cr_assert_lt(form, index->words_at[initials < 2 ? initials : 2][words + 1]);
}

Test(name_index, a_posting_says_what_its_form_has_beside_the_term)
{
	struct tw_name_index index;
	cr_assert(tw_name_index_build(&index, TW_NAME_OF_PERSON, sources[0].name, sources[0].count, &arena));
	cr_expect_gt(index.head[index.term_count].posting, index.form_count);
	for (uint32_t term = 0; term < index.term_count; term++) {
		for (uint32_t p = index.head[term].posting; p < index.head[term + 1].posting; p++) {
			expect_posting(&index, term, index.posting[p]);
			cr_assert(p == index.head[term].posting ||
			          tw_name_posting_form(index.posting[p - 1]) < tw_name_posting_form(index.posting[p]));
		}
	}
}

Test(name_index, without_names_answers_nothing)
{
	struct tw_name_index index;
	struct tw_name_forms forms;
	struct answer *got = calloc(1, sizeof(*got));
	cr_assert(tw_name_index_build(&index, TW_NAME_OF_PERSON, NULL, 0, &arena));
	struct tw_name_memo *memo = tw_name_memo_new(&index);
	cr_assert(memo && tw_name_forms_make(tw_slice_str("Yusuf Tern"), TW_NAME_OF_PERSON, &arena, &forms));
	cr_assert(tw_name_index_search(&index, memo, &forms.form[0], 860000, into(got)));
	cr_expect_eq(got->hits, 0u);
	tw_name_memo_free(memo);
	free(got);
}

Test(name_index, an_arena_at_its_ceiling_is_said)
{
	struct tw_arena small;
	struct tw_name_index index;
	tw_arena_init(&small, 4096, 4096);
	cr_expect_not(tw_name_index_build(&index, TW_NAME_OF_PERSON, sources[0].name, sources[0].count, &small));
	struct tw_script_index script;
	struct tw_script_forms *forms = tw_arena_alloc(&arena, sizeof(*forms));
	cr_assert(tw_name_index_build(&index, TW_NAME_OF_PERSON, sources[0].name, sources[0].count, &arena));
	cr_expect_not(tw_script_index_build(&script, &index, &small));
	cr_assert(tw_script_index_build(&script, &index, &arena));
	cr_assert(tw_script_forms_make(tw_slice_str("محمد"), TW_NAME_OF_PERSON, &arena, forms));
	tw_arena_fini(&small);
	tw_arena_init(&small, 128, 128);
	struct answer *got = calloc(1, sizeof(*got));
	cr_expect_not(tw_script_index_search(&script, NULL, forms, 860000, &small, into(got)));
	free(got);
	tw_arena_fini(&small);
}
