/**
 * @file paper_answer.c
 * Whether a line of a manifest is among a certificate's items, and a route among its countries (question.h).
 *
 * Each line of the certificate says yes, no or nothing. One yes is enough; a line that says nothing could be the one that is meant, so that with
 * one of these, or with lines whose words are not kept, there is no "no". What is written differently and means the same is the same: case,
 * blanks and punctuation never count.
 */
#include "engine/base/arena.h"
#include "engine/base/hash.h"
#include "engine/base/text.h"
#include "engine/base/time.h"
#include "engine/event/keys.h"
#include "engine/state/field.h"
#include "engine/state/paper.h"
#include "engine/state/question.h"

#define HEADING_DIGITS 4U

/* Texts without what does not count; `full`: the arena is at its ceiling. */
struct pair {
	struct tw_slice asked, listed;
	bool full;
};

static struct pair reduced(struct tw_slice asked, struct tw_slice listed, struct tw_slice (*reduce)(struct tw_slice, struct tw_arena *),
                           struct tw_arena *arena)
{
	struct pair pair = {reduce(asked, arena), reduce(listed, arena), false};
	pair.full = !pair.asked.ptr || !pair.listed.ptr;
	return pair;
}

static bool begins(struct tw_slice text, struct tw_slice with)
{
	return text.len >= with.len && memcmp(text.ptr, with.ptr, with.len) == 0;
}

/* Source: WCO, Harmonized System 2022: four digits are a heading, two a chapter. */
static enum tw_verdict hs_verdict(const struct pair *pair)
{
	uint32_t shared = pair->asked.len < pair->listed.len ? pair->asked.len : pair->listed.len;
	shared = shared < HEADING_DIGITS ? shared : HEADING_DIGITS;
	return memcmp(pair->asked.ptr, pair->listed.ptr, shared) == 0 ? TW_SAYS_YES : TW_SAYS_NO;
}

/* "ML1" and "ML1.a" are one entry and a part of it, "ML1" and "ML10" two; a code of another list is no other goods. */
static enum tw_verdict control_verdict(const struct pair *pair)
{
	struct tw_slice longer = pair->asked.len < pair->listed.len ? pair->listed : pair->asked;
	struct tw_slice shorter = pair->asked.len < pair->listed.len ? pair->asked : pair->listed;
	if (tw_text_is_digit(longer.ptr[0]) != tw_text_is_digit(shorter.ptr[0])) {
		return TW_SAYS_NOTHING;
	}
	bool on = shorter.len < longer.len && tw_text_is_digit(shorter.ptr[shorter.len - 1]) && tw_text_is_digit(longer.ptr[shorter.len]);
	return begins(longer, shorter) && !on ? TW_SAYS_YES : TW_SAYS_NO;
}

/* @return where `words` ends in the text from `at` on, blanks of neither counted; 0: it does not stand there */
static uint32_t letters_end(struct tw_slice text, uint32_t at, struct tw_slice words)
{
	for (uint32_t i = 0; i < words.len; i++) {
		if (words.ptr[i] == ' ') {
			continue;
		}
		while (at < text.len && text.ptr[at] == ' ') {
			at++;
		}
		if (at == text.len || text.ptr[at++] != words.ptr[i]) {
			return 0;
		}
	}
	return at;
}

/* Whole words of one in the other: "Sample Arms" in "Sample Arms Works", "SR-5" in "Samplearms SR5". */
static bool has_words(struct tw_slice text, struct tw_slice words)
{
	for (uint32_t i = 0; i < text.len; i++) {
		bool begins_word = i == 0 || text.ptr[i - 1] == ' ';
		uint32_t end = begins_word ? letters_end(text, i, words) : 0;
		if (end && (end == text.len || text.ptr[end] == ' ')) {
			return true;
		}
	}
	return false;
}

static enum tw_verdict words_verdict(const struct pair *pair)
{
	return has_words(pair->asked, pair->listed) || has_words(pair->listed, pair->asked) ? TW_SAYS_YES : TW_SAYS_NO;
}

/* ---- calibres ---- */

/* "7,62 x 39 mm": bore and case in hundredths of a millimetre; ".308 Win": hundredths of an inch are another notation. */
struct calibre {
	int64_t bore, length; /* in thousandths; -1: not stated */
	bool inches;
	bool metric; /* it says so: a length, or mm */
};

static int64_t number_take(struct tw_slice text, uint32_t *at)
{
	int64_t value = 0, scale = 0;
	uint32_t digits = 0;
	for (; *at < text.len && digits < 9; ++*at) {
		char c = text.ptr[*at];
		bool point = (c == '.' || c == ',') && scale == 0 && *at + 1 < text.len && tw_text_is_digit(text.ptr[*at + 1]);
		if (!point && !tw_text_is_digit(c)) {
			break;
		}
		scale = point ? 1000 : scale;
		if (!point && scale != 1) {
			value = value * 10 + (c - '0');
			scale /= 10;
		}
		digits += !point;
	}
	for (; scale > 1; scale /= 10) {
		value *= 10;
	}
	return digits == 0 ? -1 : scale == 0 ? value * 1000 : value;
}

static void blanks_pass(struct tw_slice text, uint32_t *at)
{
	while (*at < text.len && text.ptr[*at] == ' ') {
		++*at;
	}
}

/* @return whether the letters stand there, in any case; passes them */
static bool letters_pass(struct tw_slice text, uint32_t *at, const char *letters)
{
	uint32_t length = (uint32_t)strlen(letters);
	if (*at + length > text.len) {
		return false;
	}
	for (uint32_t i = 0; i < length; i++) {
		char c = text.ptr[*at + i];
		if ((c >= 'A' && c <= 'Z' ? (char)(c + 32) : c) != letters[i]) {
			return false;
		}
	}
	*at += length;
	return true;
}

static struct calibre calibre_of(struct tw_slice text)
{
	struct calibre calibre = {-1, -1, false, false};
	uint32_t at = 0;
	blanks_pass(text, &at);
	calibre.inches = at < text.len && text.ptr[at] == '.';
	calibre.bore = number_take(text, &at);
	blanks_pass(text, &at);
	calibre.metric = letters_pass(text, &at, "mm");
	blanks_pass(text, &at);
	if (letters_pass(text, &at, "x") || letters_pass(text, &at, "\xC3\x97") || letters_pass(text, &at, "*")) {
		blanks_pass(text, &at);
		calibre.length = number_take(text, &at);
		calibre.metric = calibre.metric || calibre.length >= 0;
	}
	return calibre;
}

static enum tw_verdict calibre_verdict(struct tw_slice asked, struct tw_slice listed)
{
	struct calibre a = calibre_of(asked), b = calibre_of(listed);
	if (a.bore < 0 || b.bore < 0 || a.inches != b.inches) {
		return TW_SAYS_NOTHING;
	}
	if (a.bore == b.bore) {
		bool other = a.length >= 0 && b.length >= 0 && a.length != b.length;
		return other ? TW_SAYS_NO : TW_SAYS_YES;
	}
	return (a.inches && b.inches) || (a.metric && b.metric) ? TW_SAYS_NO : TW_SAYS_NOTHING;
}

/* ---- lines ---- */

static struct tw_slice asked_of(enum tw_metric metric, const struct tw_item *item)
{
	return tw_slice_of(metric == TW_METRIC_HS_NAMED             ? item->hs
	                   : metric == TW_METRIC_CONTROL_CODE_NAMED ? item->control_code
	                   : metric == TW_METRIC_MAKE_NAMED         ? item->make
	                   : metric == TW_METRIC_MODEL_NAMED        ? item->model
	                                                            : item->calibre);
}

static struct tw_slice listed_of(enum tw_metric metric, const struct tw_paper_line *line)
{
	return metric == TW_METRIC_HS_NAMED             ? line->hs
	       : metric == TW_METRIC_CONTROL_CODE_NAMED ? line->control_code
	       : metric == TW_METRIC_MAKE_NAMED         ? line->make
	       : metric == TW_METRIC_MODEL_NAMED        ? line->model
	                                                : line->calibre;
}

enum tw_verdict tw_paper_says(enum tw_metric metric, struct tw_slice asked, struct tw_slice listed, struct tw_arena *arena, bool *full)
{
	if (metric == TW_METRIC_CALIBRE_NAMED) {
		return calibre_verdict(asked, listed);
	}
	bool words = metric == TW_METRIC_MAKE_NAMED || metric == TW_METRIC_MODEL_NAMED;
	struct pair pair = reduced(asked, listed, words ? tw_text_fold : tw_text_alnum, arena);
	*full = *full || pair.full;
	if (pair.full || pair.asked.len == 0 || pair.listed.len == 0) {
		return TW_SAYS_NOTHING;
	}
	return words ? words_verdict(&pair) : metric == TW_METRIC_HS_NAMED ? hs_verdict(&pair) : control_verdict(&pair);
}

/* @return the line if the certificate has it, 0: any */
static int64_t line_of(const struct tw_paper *paper, int64_t line)
{
	for (uint32_t i = 0; line > 0 && i < paper->line_count; i++) {
		if (paper->lines[i].terms.line == line) {
			return line;
		}
	}
	return 0;
}

enum tw_verdict tw_paper_names(enum tw_metric metric, struct tw_slice asked, int64_t wanted, const struct tw_paper *paper, struct tw_arena *arena,
                               bool *full)
{
	int64_t line = line_of(paper, wanted);
	bool nothing = asked.len == 0;
	uint32_t lines = 0;
	for (uint32_t i = 0; i < paper->line_count && asked.len; i++) {
		if (line == 0 || paper->lines[i].terms.line == line) {
			enum tw_verdict verdict = tw_paper_says(metric, asked, listed_of(metric, &paper->lines[i]), arena, full);
			if (verdict == TW_SAYS_YES) {
				return TW_SAYS_YES;
			}
			nothing = nothing || verdict == TW_SAYS_NOTHING;
			lines++;
		}
	}
	return lines && !nothing && !*full ? TW_SAYS_NO : TW_SAYS_NOTHING;
}

static bool answer_named(const struct tw_question *question, const struct tw_paper *paper, struct tw_arena *arena, struct tw_history_answer *answer)
{
	const struct tw_certificate_ref *ref = question->query->subject;
	bool full = false;
	if (question->item) {
		int64_t line = tw_stated(ref->line.span) ? ref->line.value : 0;
		enum tw_verdict verdict =
		    tw_paper_names(question->query->metric, asked_of(question->query->metric, question->item), line, paper, arena, &full);
		answer->stated = !full && verdict != TW_SAYS_NOTHING;
		answer->value = verdict == TW_SAYS_YES;
	}
	return !full;
}

/* ---- countries ---- */

static bool is_way(const struct tw_paper *paper, uint16_t country)
{
	bool known = country == paper->terms.destination;
	for (uint32_t i = 0; i < paper->transit_count; i++) {
		known = known || paper->transit[i] == country;
	}
	for (uint32_t i = 0; i < paper->party_count; i++) {
		known = known || paper->parties[i].country == country;
	}
	return known;
}

/* @return the first country that goods pass on the way, and nobody wrote down; 0: none. Where they end is a question of its own (final_destination)
 */
static uint16_t way_unnamed(const struct tw_paper *paper, const struct tw_way *way)
{
	for (uint32_t i = 0; paper->more_transit == 0 && i < way->passes; i++) {
		if (!is_way(paper, way->pass[i])) {
			return way->pass[i];
		}
	}
	return 0;
}

/* Of a paper that lists where its goods pass. */
static uint16_t way_outside(const struct tw_paper *paper, const struct tw_way *way)
{
	return paper->transit_count ? way_unnamed(paper, way) : 0;
}

static void answer_way(const struct tw_question *question, const struct tw_paper *paper, struct tw_history_answer *answer)
{
	struct tw_way way;
	tw_way_of(&question->event->consignment, tw_instant_day(question->event->time.ms), &way);
	answer->value = question->query->metric == TW_METRIC_WAY_UNNAMED ? way_unnamed(paper, &way) : way_outside(paper, &way);
	answer->stated = answer->value != 0;
}

/* ---- what was drawn before ---- */

static bool is_of_other_goods(const struct tw_paper *paper, struct tw_slice draw, struct tw_arena *arena, bool *full)
{
	struct tw_goods_walk walk;
	struct tw_ledger_line line;
	tw_goods_begin(draw, &walk);
	while (tw_goods_next(&walk, &line)) {
		if (tw_paper_names(TW_METRIC_HS_NAMED, line.hs, line.line, paper, arena, full) == TW_SAYS_NO ||
		    tw_paper_names(TW_METRIC_CONTROL_CODE_NAMED, line.control_code, line.line, paper, arena, full) == TW_SAYS_NO ||
		    tw_paper_names(TW_METRIC_CALIBRE_NAMED, line.calibre, line.line, paper, arena, full) == TW_SAYS_NO) {
			return true;
		}
	}
	return false;
}

/* @return false at the arena's ceiling */
static bool answer_draws(const struct tw_question *question, const struct tw_paper *paper, struct tw_arena *arena, struct tw_history_answer *answer)
{
	const bool goods = question->query->metric == TW_METRIC_DRAWS_OF_OTHER_GOODS;
	struct tw_recent recent = {.answer = answer};
	int64_t count = 0;
	bool full = false;
	for (uint32_t i = 0; i < question->state->element_count && !full; i++) {
		const struct tw_element *element = &question->state->elements[i];
		struct tw_way way;
		if (!tw_element_is(element, TW_ELEMENT_DRAW) || !tw_draws_way(element->bytes, &way)) {
			continue;
		}
		struct tw_arena_mark mark = tw_arena_mark(arena);
		bool other = goods ? is_of_other_goods(paper, element->bytes, arena, &full) : way_outside(paper, &way) != 0;
		tw_arena_rewind(arena, mark);
		if (other) {
			tw_recent_add(&recent, &element->version, tw_element_tail(element));
			count++;
		}
	}
	tw_answer_value(answer, count);
	return !full;
}

/* ---- when it was issued ---- */

/* Of the first version alone, and only the latest is kept: an amendment was signed on a later day, over goods that may have left lawfully. */
static bool issued_first(const struct tw_state *state, const struct tw_paper *paper)
{
	struct tw_terms terms;
	return paper->issued_stated && tw_terms_in_force(state, &terms, NULL) && terms.revision <= 1;
}

static void answer_issued(const struct tw_question *question, const struct tw_paper *paper, struct tw_history_answer *answer)
{
	struct tw_recent recent = {.answer = answer};
	const int32_t day = paper->issued;
	int64_t count = 0;
	if (!issued_first(question->state, paper)) {
		return;
	}
	if (question->query->metric == TW_METRIC_ISSUED_ON) {
		tw_answer_value(answer, day);
		return;
	}
	for (uint32_t i = 0; i < question->state->element_count; i++) {
		const struct tw_element *element = &question->state->elements[i];
		struct tw_way way;
		if (tw_element_is(element, TW_ELEMENT_DRAW) && tw_draws_way(element->bytes, &way) && way.departs && way.last < day) {
			tw_recent_add(&recent, &element->version, tw_element_tail(element));
			count++;
		}
	}
	tw_answer_value(answer, count);
}

/* ---- parties ---- */

bool tw_role_sends(uint32_t role)
{
	return role == TW_ROLE_CONSIGNOR || role == TW_ROLE_SELLER || role == TW_ROLE_EXPORTER;
}

static bool receives(uint32_t role)
{
	return role == TW_ROLE_CONSIGNEE || role == TW_ROLE_END_USER || role == TW_ROLE_BUYER || role == TW_ROLE_NOTIFY;
}

bool tw_paper_names_side(const struct tw_paper *paper, uint32_t role)
{
	for (uint32_t i = 0; i < paper->party_count; i++) {
		uint32_t theirs = paper->parties[i].role;
		if (tw_role_sends(role) ? tw_role_sends(theirs) : !receives(role) || receives(theirs)) {
			return true;
		}
	}
	return false;
}

/* Those in the role of the one who asks first, then by how much their role says. @return NULL at the arena's ceiling */
static struct tw_named *named_by_role(const struct tw_paper *paper, uint32_t asked, struct tw_arena *arena)
{
	const uint32_t order[] = {asked,
	                          TW_ROLE_END_USER,
	                          TW_ROLE_CONSIGNEE,
	                          TW_ROLE_EXPORTER,
	                          TW_ROLE_CONSIGNOR,
	                          TW_ROLE_BUYER,
	                          TW_ROLE_SELLER,
	                          TW_ROLE_BROKER,
	                          TW_ROLE_INTERMEDIATE,
	                          TW_ROLE_AGENT,
	                          TW_ROLE_FORWARDER,
	                          TW_ROLE_NOTIFY,
	                          TW_ROLE_CARRIER,
	                          TW_ROLE_DECLARANT,
	                          0};
	struct tw_named *named = tw_arena_alloc_raw(arena, (paper->party_count + 1) * sizeof(*named));
	uint32_t count = 0;
	for (uint32_t r = 0; named && r < sizeof(order) / sizeof(order[0]); r++) {
		for (uint32_t i = 0; (r == 0 || order[r] != asked) && i < paper->party_count; i++) {
			const struct tw_paper_party *party = &paper->parties[i];
			if (party->role == order[r]) {
				named[count++] = (struct tw_named){party->role, party->country, party->name};
			}
		}
	}
	return named;
}

static uint32_t role_of(const struct tw_paper *paper, uint64_t key, uint32_t asked)
{
	uint32_t found = 0;
	for (uint32_t i = 0; key && i < paper->party_count; i++) {
		uint32_t role = paper->parties[i].role;
		bool better = found == 0 || role == asked || (found != asked && role == TW_ROLE_END_USER);
		found = paper->parties[i].key == key && better ? role : found;
	}
	return found;
}

/* @return false at the arena's ceiling */
static bool named_by(const struct tw_state *state, const struct tw_party *party, uint64_t key, struct tw_arena *arena,
                     struct tw_history_answer *answer)
{
	struct tw_paper paper;
	bool kept = false;
	enum tw_code code = tw_terms_paper(state, arena, &paper, &kept);
	if (code || !kept || paper.more_parties || !tw_paper_names_side(&paper, party->role.value)) {
		return code != TW_E_MEMORY;
	}
	uint32_t role = role_of(&paper, key, party->role.value);
	if (role) {
		answer->value = answer->stated ? answer->value : role;
		answer->stated = true;
		return true;
	}
	tw_answer_value(answer, TW_NAMED_NOT);
	answer->named = named_by_role(&paper, party->role.value, arena);
	answer->named_count = answer->named ? paper.party_count : 0;
	return answer->named;
}

bool tw_answer_named_as(const struct tw_event *event, const struct tw_operations *operations, const struct tw_priors *priors,
                        const struct tw_party *party, struct tw_arena *arena, struct tw_history_answer *answer)
{
	struct tw_slice text = tw_key_party(party, arena);
	uint64_t key = text.len ? tw_hash64(text.ptr, text.len, 0) : 0;
	bool whole = text.ptr;
	for (uint32_t i = 0; event->family == TW_FAMILY_MANIFEST && whole && !answer->named && i < operations->count; i++) {
		bool certificate = operations->operation[i].kind == TW_ENTITY_CERTIFICATE;
		const struct tw_state *state = certificate ? tw_prior_state(priors, i, arena) : NULL;
		whole = !state || named_by(state, party, key, arena, answer);
	}
	return whole;
}

bool tw_answer_paper(const struct tw_question *question, struct tw_arena *arena, struct tw_history_answer *answer)
{
	struct tw_paper paper;
	bool kept = false;
	enum tw_code code = tw_terms_paper(question->state, arena, &paper, &kept);
	if (code || !kept) {
		return code != TW_E_MEMORY;
	}
	if (question->query->metric == TW_METRIC_ISSUED_ON || question->query->metric == TW_METRIC_DRAWS_BEFORE_ISSUE) {
		answer_issued(question, &paper, answer);
		return true;
	}
	if (question->query->metric == TW_METRIC_WAY_OUTSIDE || question->query->metric == TW_METRIC_WAY_UNNAMED) {
		answer_way(question, &paper, answer);
		return true;
	}
	bool draws = question->query->metric == TW_METRIC_DRAWS_OF_OTHER_GOODS || question->query->metric == TW_METRIC_DRAWS_ANOTHER_WAY;
	return draws ? answer_draws(question, &paper, arena, answer) : answer_named(question, &paper, arena, answer);
}
