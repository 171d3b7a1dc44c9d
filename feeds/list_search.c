/**
 * @file list_search.c
 * The hot path: one name against the index. Equal keys from the table, similar names from the fuzzy index of each domain that the kind
 * meets; each hit becomes a similarity with its parts, and the best TW_HITS_MAX entries are kept in their strict order (list_hits.c).
 *
 *     name part     equal 1,000,000; else 980,000 less twice what is missing to equal, so that no other name comes near an equal one; less four
 *                   times of a person's name in a script of syllables, where what is missing is no slip of a letter
 *     kind part     takes off 50,000 where a person is asked for and a firm is listed, or the other way round
 *     script part   takes off 60,000 where the name's script leaves vowels out: they were not compared
 *     reading part  takes off 40,000 where only the coarse spelling of a Chinese or Korean name agrees, 60,000 where only other signs than those
 *                   written do, 20,000 where these are digits among letters
 *     rarity part   takes off up to 190,000, of a firm 250,000, of a ship 270,000, the less the more the words say that agree: how rare they are, and
 *                   their letters; and up to 180,000 more of a ship's name of one word
 *     spelling part takes off up to 40,000, of a firm 55,000, the more differs as written: order of words, signs, accents, how another script is read
 *     quality part  takes off 100,000 where the issuer calls the name weak
 *     the others    list_evidence.c
 */
#include <tidewaiter/limits.h>

#include "engine/base/hash.h"
#include "feeds/list_answers.h"
#include "feeds/list_hits.h"
#include "feeds/list_index.h"
#include "feeds/list_memo.h"
#include "feeds/name.h"
#include "feeds/name_cut.h"
#include "feeds/name_detail.h"
#include "feeds/name_joins.h"
#include "feeds/name_latin.h"
#include "feeds/name_parts.h"

#define EQUAL_PPM   1000000
#define SIMILAR_PPM 980000
#define SLOPE       2
/* A letter of Chinese or Korean is a syllable of a given name, and another one is another name. Source: bench/quality, tuning half: two in three of
 * the first persons that nobody listed were such. */
#define SYLLABLE_SLOPE 4
/* Manifests mix up persons and firms, and seldom. Source: project's choice, measured by bench/quality, tuning half. */
#define KIND_PPM (-50000)
/* A nickname that agrees says less than a name that does: OFAC itself expects weak aliases to confirm a hit, not to make one.
 * Source: US Treasury, OFAC, FAQ 124; how much less is the project's choice. */
#define WEAK_PPM (-100000)
/* Vowels that nobody wrote are not compared. Source: the project's choice, measured by bench/quality. */
#define SCRIPT_PPM (-60000)
/* A coarse spelling that agrees, or signs that nobody wrote. Source: the project's choice, measured by bench/quality, tuning half. */
#define ROMANISED_PPM (-40000)
#define MISTAKEN_PPM  (-60000)
#define DIGITS_PPM    (-20000) /* no word is written with digits among its letters, so that they are hardly another's */
#define LONE_WORD_PPM INT64_C(-180000)

#define BITS INT64_C(1024)

/* Firms of one short or common word are many, and a firm's papers copy its name from its register: what is common, or written otherwise, counts
 * more of them. What a word says is what its letters do, a common word's the less (name_compare.h), and of the words that agree alone: "Far Eastern
 * Shipping" is long and says little. Source: the project's choice, measured by bench/quality, tuning half: at 0.1% false alarms 0.819 of the firms
 * are found, where weights and all letters together gave 0.602. */
struct detail {
	int64_t rarity_ppm;
	int64_t rarity_half; /* what names say at which half of it is taken off */
	int64_t spelling_ppm;
};

static const struct detail detail_of[] = {
    [TW_NAME_OF_PERSON] = {190000, 42 * BITS, 40000},
    [TW_NAME_OF_ORGANISATION] = {250000, 25 * BITS, 55000},
    [TW_NAME_OF_VESSEL] = {270000, 27 * BITS, 40000},
    [TW_NAME_OF_AIRCRAFT] = {180000, 42 * BITS, 40000},
};

struct search {
	const struct tw_list_index *index;
	const struct tw_list_query *query;
	struct tw_arena *arena;
	const struct detail *detail; /* of the domain that is searched */
	struct tw_list_hits hits;
	uint64_t *hidden; /* the memo's: not the arena, which the search by script rewinds */
	uint32_t hidden_count;
	enum tw_name_read read_as; /* of the form that is searched */
	bool syllables;            /* a person's name in a script of which a letter is a syllable */
	uint32_t read;             /* bytes of `reading`; 0: the name is in Latin letters */
	char reading[TW_NAME_DETAIL_BYTES_MAX];
	struct tw_list_met met; /* for the memo */
};

/* Before anything is weighed, so that what is hidden costs no other hit its place. */
static bool is_hidden(struct search *search, uint32_t entry)
{
	struct tw_list_filter *filter = search->query->filter;
	if (!filter) {
		return false;
	}
	uint64_t *word = &search->hidden[entry / 64], bit = UINT64_C(1) << entry % 64;
	if (*word & bit) { /* it comes by each of its names */
		return true;
	}
	struct tw_list_entry asked = tw_list_entry_view(search->index, entry);
	if (!filter->hides(filter->context, asked.list, asked.id)) {
		return false;
	}
	*word |= bit;
	search->hidden_count++;
	filter->hidden++;
	return true;
}

static void add_part(struct tw_list_hit *hit, const char *feature, int32_t ppm)
{
	if (ppm) {
		hit->part[hit->part_count++] = (struct tw_match_part){feature, ppm};
	}
}

/* The rarer the words that agree, the more letters they have and the rarer those, the less is taken off. */
static int32_t rarity_part(const struct detail *detail, uint32_t says)
{
	int64_t half = detail->rarity_half;
	return -(int32_t)(detail->rarity_ppm * half / (half + (int64_t)says * says / half)); /* steepest about the half, where most names are */
}

/* A ship's one word is another ship's too, the likelier the more it is as listed: "Serenity" says less than "Sea Serenity" with a slip. Source:
 * bench/quality, tuning half: one ship in a hundred that nobody listed bears a listed word. */
static int32_t lone_word_part(const struct search *search, struct tw_name_agreement agreement)
{
	if (search->query->kind != TW_ENTRY_VESSEL || agreement.weight > TW_NAME_WEIGHT_MAX || agreement.ppm <= TW_LIST_NAME_PPM_MIN) {
		return 0;
	}
	int64_t above = agreement.ppm - TW_LIST_NAME_PPM_MIN, span = TW_PPM - TW_LIST_NAME_PPM_MIN;
	return (int32_t)(LONE_WORD_PPM * above / span * above / span);
}

/* What of the two texts differs though their words agree: order, signs, accents; of another script the letters of its usual reading. */
static int32_t spelling_part(const struct search *search, struct tw_slice listed)
{
	uint32_t alike = tw_name_written_alike(search->query->name, listed);
	uint32_t read = search->read ? tw_name_written_alike((struct tw_slice){search->reading, search->read}, listed) : 0;
	return -(int32_t)(search->detail->spelling_ppm * (TW_PPM - (alike > read ? alike : read)) / TW_PPM);
}

/* Equal by key: as written, but for case, accents, order and company forms. Spellings that only meet in a canonical form are similar. */
enum met { MET_EQUAL, MET_SIMILAR, MET_IN_SCRIPT, MET_IN_SYLLABLES, MET_ROMANISED, MET_MISTAKEN, MET_DIGITS };

static int32_t reading_part(enum met met)
{
	static const int32_t ppm[] = {[MET_ROMANISED] = ROMANISED_PPM, [MET_MISTAKEN] = MISTAKEN_PPM, [MET_DIGITS] = DIGITS_PPM};
	return met >= MET_ROMANISED ? ppm[met] : 0;
}

static int32_t name_part(const struct tw_list_answer *answer)
{
	int32_t slope = answer->met == MET_IN_SYLLABLES ? SYLLABLE_SLOPE : SLOPE;
	return answer->met == MET_EQUAL ? EQUAL_PPM : SIMILAR_PPM - slope * (TW_PPM - answer->agreement.ppm);
}

/* A person where a firm is listed, or a firm where a person is. */
static bool is_other_kind(enum tw_entry_kind asked, enum tw_entry_kind listed)
{
	return (asked == TW_ENTRY_PERSON && listed == TW_ENTRY_ORGANISATION) || (asked == TW_ENTRY_ORGANISATION && listed == TW_ENTRY_PERSON);
}

/* What the two names do not decide is weighed each time. */
static void weigh_name(struct search *search, const struct tw_list_answer *answer)
{
	const struct tw_list_index *index = search->index;
	struct tw_list_hit hit = {.entry = index->name_entry[answer->name], .name = answer->name};
	if (is_hidden(search, hit.entry)) {
		return;
	}
	const struct tw_list_entry entry = tw_list_entry_view(index, hit.entry);
	add_part(&hit, "name", name_part(answer));
	add_part(&hit, "kind", is_other_kind(search->query->kind, entry.kind) ? KIND_PPM : 0);
	add_part(&hit, "script", answer->met == MET_IN_SCRIPT ? SCRIPT_PPM : 0);
	add_part(&hit, "reading", reading_part((enum met)answer->met));
	add_part(&hit, "rarity", answer->rarity_ppm);
	add_part(&hit, "spelling", answer->spelling_ppm);
	add_part(&hit, "quality", index->name[answer->name].quality == TW_NAME_WEAK ? WEAK_PPM : 0);
	hit.part_count += tw_list_evidence(&entry, search->query, answer->rarity_ppm, search->arena, &hit.part[hit.part_count]);
	int32_t sum = 0;
	for (uint32_t i = 0; i < hit.part_count; i++) {
		sum += hit.part[i].ppm;
	}
	if (sum < TW_LIST_SIMILARITY_PPM_MIN && !search->query->name_ppm_min) {
		return;
	}
	hit.similarity = (uint32_t)(sum < 0 ? 0 : sum > TW_PPM ? TW_PPM : sum);
	tw_list_hits_keep(&search->hits, &hit);
}

static void on_name(struct search *search, uint32_t name, struct tw_name_agreement agreement, enum met met)
{
	struct tw_slice listed = tw_list_name_of(search->index, name);
	const struct tw_list_answer answer = {name, agreement, met, rarity_part(search->detail, agreement.says) + lone_word_part(search, agreement),
	                                      spelling_part(search, listed)};
	tw_list_met_add(&search->met, answer);
	weigh_name(search, &answer);
}

/* ---- finding ---- */

static void on_similar(void *context, uint32_t name, struct tw_name_agreement agreement)
{
	static const enum met as[] = {
	    [TW_READ_WRITTEN] = MET_SIMILAR, [TW_READ_SYLLABLES] = MET_ROMANISED, [TW_READ_MISTAKEN] = MET_MISTAKEN, [TW_READ_DIGITS] = MET_DIGITS};
	struct search *search = context;
	on_name(search, name, agreement, search->syllables ? MET_IN_SYLLABLES : as[search->read_as]);
}

static void on_script(void *context, uint32_t name, struct tw_name_agreement agreement)
{
	on_name(context, name, agreement, MET_IN_SCRIPT);
}

/* @param form the name as written, NULL when it has none */
static void search_equal(struct search *search, struct tw_slice key, const struct tw_name_index *fuzzy, const struct tw_name_form *form)
{
	uint32_t count = 0;
	const struct tw_list_posting *posting = key.len ? tw_list_table_find(&search->index->names, key, &count) : NULL;
	struct tw_name_agreement equal =
	    posting && form ? tw_name_index_equal(fuzzy, form) : (struct tw_name_agreement){TW_PPM, 0, (uint32_t)search->detail->rarity_half};
	for (uint32_t i = 0; posting && i < count; i++) {
		on_name(search, posting[i].item, equal, MET_EQUAL);
	}
}

int32_t tw_list_threshold(const struct tw_list_query *query)
{
	return query->name_ppm_min ? (int32_t)query->name_ppm_min : TW_LIST_NAME_PPM_MIN;
}

/* Arabic and Hebrew letters: which Latin names they spell. */
static bool search_script(struct search *search, enum tw_name_domain domain, struct tw_list_memo *memo)
{
	struct tw_script_forms forms;
	uint32_t at = tw_list_domain_at(domain);
	if (!tw_script_asks(search->query->name)) {
		return true;
	}
	return tw_script_forms_make(search->query->name, domain, search->arena, &forms) &&
	       tw_script_index_search(&search->index->script[at], memo->script[at], &forms, tw_list_threshold(search->query), search->arena,
	                              (struct tw_name_listener){on_script, search});
}

/* Everything that agrees with one of the forms. */
static bool search_forms(struct search *search, const struct tw_name_forms *forms, uint32_t at, struct tw_list_memo *memo)
{
	const int32_t threshold = tw_list_threshold(search->query);
	bool fits = true;
	for (uint32_t i = 0; fits && i < forms->count; i++) {
		search->read_as = forms->form[i].read;
		fits = tw_name_index_search(&search->index->fuzzy[at], memo->domain[at], &forms->form[i], threshold,
		                            (struct tw_name_listener){on_similar, search});
	}
	return fits;
}

static bool search_read(struct search *search, const struct tw_name_form *form, uint32_t at, struct tw_list_memo *memo)
{
	search->read_as = TW_READ_WRITTEN;
	return tw_name_index_search(&search->index->fuzzy[at], memo->domain[at], form, tw_list_threshold(search->query),
	                            (struct tw_name_listener){on_similar, search});
}

/* The same for what papers do to names: cut within the last word, a town or another name in brackets behind, initials without points. */
static bool search_cut(struct search *search, const struct tw_name_forms *forms, uint32_t at, struct tw_list_memo *memo)
{
	struct tw_name_forms shorter;
	struct tw_slice before;
	enum tw_name_domain domain = search->index->fuzzy[at].domain;
	struct tw_name_form read;
	bool fits = true;
	if (tw_name_bracketed(search->query->name, domain, &before)) {
		fits = tw_name_forms_make(before, domain, search->arena, &shorter) && search_forms(search, &shorter, at, memo);
	}
	if (fits && forms->count && tw_name_cut_read(search->query->name, domain, &forms->form[0], &read)) {
		fits = search_read(search, &read, at, memo);
	}
	if (fits && forms->count && tw_name_tail_read(domain, &forms->form[0], &read)) {
		fits = search_read(search, &read, at, memo);
	}
	if (fits && forms->count && tw_name_initials_read(search->query->name, domain, &forms->form[0], &read)) {
		fits = search_read(search, &read, at, memo);
	}
	return fits;
}

/* The same for its readings with words joined or split. */
static bool search_joins(struct search *search, const struct tw_name_tokens *tokens, uint32_t at, struct tw_list_memo *memo)
{
	struct tw_name_joins joins;
	struct tw_name_forms forms;
	bool fits = tw_name_joins_make(&search->index->fuzzy[at], memo->joins[at], tokens, search->arena, &joins);
	for (uint32_t i = 0; fits && i < joins.count; i++) {
		fits = tw_name_forms_make(joins.text[i], search->index->fuzzy[at].domain, search->arena, &forms) &&
		       search_forms(search, &forms, at, memo);
	}
	return fits;
}

/* The usual reading of a name in another script, its words apart. */
static void note_reading(struct search *search, const struct tw_name_forms *forms)
{
	search->read = 0;
	if (!forms->count || !tw_name_script_of(search->query->name).other) {
		return;
	}
	for (uint32_t i = 0; i < forms->form[0].count; i++) {
		struct tw_slice word = forms->form[0].token[i].text;
		if (search->read + word.len + 1 > sizeof(search->reading)) {
			return;
		}
		if (i) {
			search->reading[search->read++] = ' ';
		}
		memcpy(search->reading + search->read, word.ptr, word.len);
		search->read += word.len;
	}
}

static bool search_domain(struct search *search, const struct tw_name_tokens *tokens, enum tw_name_domain domain, struct tw_list_memo *memo)
{
	struct tw_name_forms forms = {.count = 0};
	struct tw_slice key;
	uint32_t at = tw_list_domain_at(domain);
	bool fuzzy = at < TW_LIST_DOMAINS;
	search->detail = &detail_of[domain];
	if (!tw_name_key(tokens, domain, search->arena, &key) ||
	    (fuzzy && !tw_name_forms_split(search->query->name, tokens, domain, search->arena, &forms))) {
		return false;
	}
	note_reading(search, &forms);
	search->syllables = domain == TW_NAME_OF_PERSON && tw_name_script_of(search->query->name).syllables;
	search_equal(search, key, &search->index->fuzzy[at], forms.count ? &forms.form[0] : NULL);
	return !fuzzy || (search_forms(search, &forms, at, memo) && search_cut(search, &forms, at, memo) && search_joins(search, tokens, at, memo) &&
	                  search_script(search, domain, memo));
}

static bool search_kind(struct search *search, struct tw_list_memo *memo)
{
	struct tw_name_tokens tokens;
	if (!tw_name_split(search->query->name, search->arena, &tokens)) {
		return false;
	}
	switch (search->query->kind) {
	case TW_ENTRY_VESSEL:
		return search_domain(search, &tokens, TW_NAME_OF_VESSEL, memo);
	case TW_ENTRY_AIRCRAFT:
		return search_domain(search, &tokens, TW_NAME_OF_AIRCRAFT, memo);
	case TW_ENTRY_PERSON:
	case TW_ENTRY_ORGANISATION:
	case TW_ENTRY_UNKNOWN:
		break;
	}
	return search_domain(search, &tokens, TW_NAME_OF_PERSON, memo) && search_domain(search, &tokens, TW_NAME_OF_ORGANISATION, memo);
}

/*
 * Most names of a day come again and hit nothing: whether one hits is a matter of name, kind and threshold alone, for evidence only moves the
 * similarity. 128 bits of hash stand for the three.
 */
static struct tw_hash128 name_of(const struct tw_list_query *query, uint32_t generation, struct tw_arena *arena)
{
	struct tw_arena_mark mark = tw_arena_mark(arena);
	uint32_t head[] = {(uint32_t)query->kind, query->name_ppm_min, generation};
	char *text = tw_arena_alloc_raw(arena, sizeof(head) + query->name.len);
	struct tw_hash128 hash = {0, 0};
	if (text) {
		memcpy(text, head, sizeof(head));
		memcpy(text + sizeof(head), query->name.ptr ? query->name.ptr : "", query->name.len);
		hash = tw_hash128(text, sizeof(head) + query->name.len);
	}
	tw_arena_rewind(arena, mark);
	return hash;
}

/* @param name hash of the query. What it met when it was searched for last is weighed again. @return false without memory */
static bool find_or_recall(struct search *search, struct tw_list_memo *memo, struct tw_hash128 name)
{
	uint32_t count;
	const struct tw_list_answer *answer = tw_list_answers_find(memo->answers, name, &count);
	for (uint32_t i = 0; answer && i < count; i++) {
		weigh_name(search, &answer[i]);
	}
	if (answer) {
		return true;
	}
	tw_list_met_clear(&search->met);
	if (!search_kind(search, memo)) {
		return false;
	}
	tw_list_answers_note(memo->answers, name, &search->met);
	return true;
}

static enum tw_code search_run(const struct tw_list_index *index, const struct tw_list_query *query, struct tw_list_memo *memo,
                               struct tw_arena *arena, struct tw_matches *out, struct tw_error *err)
{
	struct search search;
	search.index = index;
	search.query = query;
	search.arena = arena;
	search.hits.index = index;
	search.hits.count = 0;
	search.read = 0;
	search.hidden = memo->hidden;
	search.hidden_count = 0;
	struct tw_arena_mark mark = tw_arena_mark(arena);
	bool fits = find_or_recall(&search, memo, name_of(query, memo->generation, arena));
	tw_arena_rewind(arena, mark);
	if (search.hidden_count) {
		memset(memo->hidden, 0, tw_list_memo_hidden_words(index) * sizeof(*memo->hidden));
	}
	return fits ? tw_list_hits_answer(&search.hits, arena, out, err) : tw_list_no_memory(err);
}

enum tw_code tw_list_index_search(const struct tw_list_index *index, const struct tw_list_query *query, struct tw_arena *arena,
                                  struct tw_matches *out, struct tw_error *err)
{
	if (query->name.len > TW_NAME_BYTES_MAX) {
		return tw_fail(err, TW_E_LIMIT, TW_REJECT, "a name is too long", NULL, "%u bytes, at most %u", query->name.len, TW_NAME_BYTES_MAX);
	}
	if (query->memo) {
		return search_run(index, query, query->memo, arena, out, err);
	}
	struct tw_list_memo *memo = NULL;
	enum tw_code code = tw_list_memo_new(index, &memo, err);
	if (code == TW_OK && memo) {
		code = search_run(index, query, memo, arena, out, err);
		tw_list_memo_free(memo);
	}
	return code;
}

enum tw_code tw_list_index_screen(const struct tw_list_index *index, struct tw_slice name, enum tw_entry_kind kind, struct tw_arena *arena,
                                  struct tw_matches *out, struct tw_error *err)
{
	return tw_list_index_search(index, &(struct tw_list_query){.name = name, .kind = kind}, arena, out, err);
}
