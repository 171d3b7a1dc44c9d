/**
 * @file paper.c
 * What a certificate states as an element, written from events and read back; see paper.h.
 */
#include "engine/state/paper.h"

#include <tidewaiter/limits.h>

#include "engine/base/arena.h"
#include "engine/base/hash.h"
#include "engine/base/text.h"
#include "engine/base/time.h"
#include "engine/event/keys.h"
#include "engine/state/field.h"

#define FORMAT 1U

/* The head before the lines, at its longest, must leave room for some. */
#define HEAD_BYTES_MAX                                                                                                                               \
	(6U * TW_VARINT_BYTES + 6U * (TW_PAPER_TEXT_MAX + 2U) +                                                                                      \
	 TW_PAPER_LIST_MAX * (3U + TW_PAPER_CODE_MAX + 1U + 2U * (TW_PAPER_TEXT_MAX + 2U) + 6U + TW_PAPER_TEXT_MAX + 2U + 14U) +                     \
	 9U * TW_VARINT_BYTES)
#define LINE_BYTES_MAX (TW_PAPER_TEXT_MAX + 2U + 5U * (TW_PAPER_CODE_MAX + 1U))
_Static_assert(HEAD_BYTES_MAX + 16U * LINE_BYTES_MAX <= TW_PAPER_BYTES_MAX, "sixteen lines fit at their longest");

#define GOVERNMENT 32U /* beside a role */
_Static_assert(TW_ROLE_EXPORTER < GOVERNMENT, "a role has its own bits");

enum paper_flag {
	FLAG_ISSUED = 1,
	FLAG_CONTRACT_DATED = 2,
	FLAG_NO_REEXPORT_STATED = 4,
	FLAG_NO_REEXPORT = 8,
	FLAG_CONSENT_STATED = 16,
	FLAG_CONSENT = 32,
	FLAG_VERIFICATION_STATED = 64,
	FLAG_VERIFICATION = 128,
	FLAG_VERIFY_DAYS = 256
};

/* ---- writing: the buffer has room for every bound above ---- */

static unsigned char *text_put(unsigned char *at, struct tw_text text, uint32_t most)
{
	return tw_head_put(at, tw_slice_of(text), most);
}

/* How many of a list are kept, and how many more it has. */
static unsigned char *count_put(unsigned char *at, const struct tw_list *list, uint32_t *kept)
{
	*kept = list->count < TW_PAPER_LIST_MAX ? list->count : TW_PAPER_LIST_MAX;
	return tw_varint_put(tw_varint_put(at, *kept), list->count - *kept);
}

static unsigned flag_of(const struct tw_flag *flag, enum paper_flag stated, enum paper_flag given)
{
	return tw_stated(flag->span) ? (unsigned)stated | (flag->value ? (unsigned)given : 0U) : 0U;
}

static unsigned char *head_put(unsigned char *at, const struct tw_certificate *certificate)
{
	const struct tw_assurances *assurances = &certificate->assurances;
	bool issued = tw_stated(certificate->issued.span), dated = tw_stated(certificate->contract.date.span);
	bool days = tw_stated(assurances->verify_within_days.span);
	int64_t within = assurances->verify_within_days.value;
	unsigned flags = (issued ? FLAG_ISSUED : 0U) | (dated ? FLAG_CONTRACT_DATED : 0U) | (days ? FLAG_VERIFY_DAYS : 0U) |
	                 flag_of(&assurances->no_reexport, FLAG_NO_REEXPORT_STATED, FLAG_NO_REEXPORT) |
	                 flag_of(&assurances->reexport_needs_consent, FLAG_CONSENT_STATED, FLAG_CONSENT) |
	                 flag_of(&assurances->delivery_verification, FLAG_VERIFICATION_STATED, FLAG_VERIFICATION);
	at = tw_varint_put(at, FORMAT);
	at = tw_varint_put(at, flags);
	at = tw_zigzag_put(at, issued ? certificate->issued.day : 0);
	at = tw_zigzag_put(at, dated ? certificate->contract.date.day : 0);
	at = tw_varint_put(at, !days || within < 0 ? 0 : within > INT32_MAX ? INT32_MAX : (uint64_t)within);
	at = text_put(at, certificate->issuer.authority, TW_PAPER_TEXT_MAX);
	at = text_put(at, certificate->issuer.office, TW_PAPER_TEXT_MAX);
	at = text_put(at, certificate->end_use, TW_PAPER_TEXT_MAX);
	at = text_put(at, certificate->document.sha256, TW_PAPER_CODE_MAX);
	at = text_put(at, certificate->document.paper_number, TW_PAPER_CODE_MAX);
	return text_put(at, certificate->contract.number, TW_PAPER_CODE_MAX);
}

static unsigned char *texts_put(unsigned char *at, const struct tw_certificate *certificate)
{
	uint32_t kept;
	const struct tw_text *transit = certificate->transit.data, *licences = certificate->licences.data;
	at = count_put(at, &certificate->transit, &kept);
	for (uint32_t i = 0; i < kept; i++) {
		at = tw_varint_put(at, tw_country_code(tw_slice_of(transit[i])));
	}
	at = count_put(at, &certificate->licences, &kept);
	for (uint32_t i = 0; i < kept; i++) {
		at = text_put(at, licences[i], TW_PAPER_CODE_MAX);
	}
	return at;
}

static unsigned char *signatories_put(unsigned char *at, const struct tw_certificate *certificate)
{
	uint32_t kept;
	const struct tw_signatory *signatories = certificate->signatories.data;
	at = count_put(at, &certificate->signatories, &kept);
	for (uint32_t i = 0; i < kept; i++) {
		bool dated = tw_stated(signatories[i].signed_on.span);
		at = text_put(at, signatories[i].name, TW_PAPER_TEXT_MAX);
		at = text_put(at, signatories[i].position, TW_PAPER_TEXT_MAX);
		*at++ = dated;
		at = tw_zigzag_put(at, dated ? signatories[i].signed_on.day : 0);
	}
	return at;
}

/* @return NULL at the arena's ceiling */
static unsigned char *parties_put(unsigned char *at, const struct tw_certificate *certificate, struct tw_arena *arena)
{
	uint32_t kept;
	const struct tw_party *parties = certificate->parties.data;
	at = count_put(at, &certificate->parties, &kept);
	for (uint32_t i = 0; i < kept; i++) {
		struct tw_slice key = tw_key_party(&parties[i], arena);
		if (!key.ptr) {
			return NULL;
		}
		struct tw_text country = tw_stated(parties[i].country.span) ? parties[i].country : parties[i].address.country;
		at = tw_varint_put(at, parties[i].role.value | (parties[i].kind.value == TW_PARTY_GOVERNMENT ? GOVERNMENT : 0U));
		at = tw_varint_put(at, tw_country_code(tw_slice_of(country)));
		at = tw_varint_put(at, key.len ? tw_hash64(key.ptr, key.len, 0) : 0);
		at = text_put(at, parties[i].name, TW_PAPER_TEXT_MAX);
	}
	return at;
}

/* How many lines the certificate has, then as many as there is room for. */
static unsigned char *lines_put(unsigned char *at, const unsigned char *end, const struct tw_certificate *certificate)
{
	const struct tw_certificate_item *items = certificate->items.data;
	at = tw_varint_put(at, certificate->items.count);
	for (uint32_t i = 0; i < certificate->items.count && end - at >= (ptrdiff_t)LINE_BYTES_MAX; i++) {
		at = text_put(at, items[i].description, TW_PAPER_TEXT_MAX);
		at = text_put(at, items[i].hs, TW_PAPER_CODE_MAX);
		at = text_put(at, items[i].control_code, TW_PAPER_CODE_MAX);
		at = text_put(at, items[i].make, TW_PAPER_CODE_MAX);
		at = text_put(at, items[i].model, TW_PAPER_CODE_MAX);
		at = text_put(at, items[i].calibre, TW_PAPER_CODE_MAX);
	}
	return at;
}

bool tw_paper_write(const struct tw_event *event, struct tw_arena *arena, struct tw_element *out)
{
	const struct tw_certificate *certificate = &event->certificate;
	unsigned char wide[TW_PAPER_BYTES_MAX];
	unsigned char *at = signatories_put(texts_put(head_put(wide, certificate), certificate), certificate);
	at = parties_put(at, certificate, arena);
	if (!at) {
		return false;
	}
	at = lines_put(at, wide + sizeof(wide), certificate);
	out->bytes = tw_arena_copy(arena, (struct tw_slice){(const char *)wide, (uint32_t)(at - wide)});
	return out->bytes.ptr && tw_terms_key(event, TW_ELEMENT_PAPER, arena, out);
}

/* ---- reading ---- */

struct reader {
	struct tw_cursor cursor;
	struct tw_arena *arena;
	bool full; /* the arena is at its ceiling */
};

/* Members of a list, each of at least `least` bytes. @return room for them, NULL for none */
static void *list_take(struct reader *reader, size_t size, uint32_t least, uint32_t *count, uint32_t *more)
{
	uint64_t kept = tw_varint_take(&reader->cursor), others = tw_varint_take(&reader->cursor);
	bool fits = kept <= TW_PAPER_LIST_MAX && kept * least <= (uint64_t)(reader->cursor.end - reader->cursor.at) && others <= UINT32_MAX;
	reader->cursor.bad = reader->cursor.bad || !fits;
	*count = 0;
	*more = fits ? (uint32_t)others : 0;
	if (reader->cursor.bad || kept == 0) {
		return NULL;
	}
	void *room = tw_arena_alloc(reader->arena, kept * size);
	reader->full = reader->full || !room;
	*count = room ? (uint32_t)kept : 0;
	return room;
}

static void head_take(struct reader *reader, struct tw_paper *out)
{
	struct tw_cursor *cursor = &reader->cursor;
	uint64_t flags = tw_varint_take(cursor);
	out->issued_stated = flags & FLAG_ISSUED;
	out->contract_dated = flags & FLAG_CONTRACT_DATED;
	out->no_reexport_stated = flags & FLAG_NO_REEXPORT_STATED;
	out->no_reexport = flags & FLAG_NO_REEXPORT;
	out->consent_stated = flags & FLAG_CONSENT_STATED;
	out->consent = flags & FLAG_CONSENT;
	out->verification_stated = flags & FLAG_VERIFICATION_STATED;
	out->verification = flags & FLAG_VERIFICATION;
	out->verify_days_stated = flags & FLAG_VERIFY_DAYS;
	out->issued = (int32_t)tw_zigzag_take(cursor);
	out->contract_date = (int32_t)tw_zigzag_take(cursor);
	out->verify_within_days = (uint32_t)tw_varint_take(cursor);
	struct tw_slice *const texts[] = {&out->authority, &out->office, &out->end_use, &out->sha256, &out->paper_number, &out->contract};
	for (uint32_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		*texts[i] = tw_bytes_take(cursor);
	}
}

static void texts_take(struct reader *reader, struct tw_paper *out)
{
	uint16_t *transit = list_take(reader, sizeof(*transit), 1, &out->transit_count, &out->more_transit);
	for (uint32_t i = 0; i < out->transit_count; i++) {
		transit[i] = (uint16_t)tw_varint_take(&reader->cursor);
	}
	out->transit = transit;
	struct tw_slice *licences = list_take(reader, sizeof(*licences), 1, &out->licence_count, &out->more_licences);
	for (uint32_t i = 0; i < out->licence_count; i++) {
		licences[i] = tw_bytes_take(&reader->cursor);
	}
	out->licences = licences;
}

static void people_take(struct reader *reader, struct tw_paper *out)
{
	struct tw_cursor *cursor = &reader->cursor;
	struct tw_paper_signatory *signatories = list_take(reader, sizeof(*signatories), 4, &out->signatory_count, &out->more_signatories);
	for (uint32_t i = 0; i < out->signatory_count; i++) {
		signatories[i].name = tw_bytes_take(cursor);
		signatories[i].position = tw_bytes_take(cursor);
		signatories[i].signed_stated = tw_varint_take(cursor) != 0;
		signatories[i].signed_on = (int32_t)tw_zigzag_take(cursor);
	}
	out->signatories = signatories;
	struct tw_paper_party *parties = list_take(reader, sizeof(*parties), 4, &out->party_count, &out->more_parties);
	for (uint32_t i = 0; i < out->party_count; i++) {
		uint64_t said = tw_varint_take(cursor), role = said & (GOVERNMENT - 1);
		parties[i].government = said & GOVERNMENT;
		parties[i].role = role <= TW_ROLE_EXPORTER ? (enum tw_party_role)role : (enum tw_party_role)0;
		parties[i].country = (uint16_t)tw_varint_take(cursor);
		parties[i].key = tw_varint_take(cursor);
		parties[i].name = tw_bytes_take(cursor);
	}
	out->parties = parties;
}

static void lines_take(struct reader *reader, struct tw_paper *out)
{
	struct tw_cursor *cursor = &reader->cursor;
	uint64_t stated = tw_varint_take(cursor);
	struct tw_list lines = {NULL, 0, 0};
	while (!cursor->bad && !reader->full && cursor->at < cursor->end && lines.count < stated) {
		struct tw_paper_line *line = tw_list_push(reader->arena, &lines, sizeof(*line));
		if (!line) {
			reader->full = true;
			break;
		}
		struct tw_slice *const texts[] = {&line->description, &line->hs, &line->control_code, &line->make, &line->model, &line->calibre};
		for (uint32_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
			*texts[i] = tw_bytes_take(cursor);
		}
	}
	cursor->bad = cursor->bad || cursor->at != cursor->end || stated > UINT32_MAX;
	out->lines = lines.data;
	out->line_count = lines.count;
	out->more_lines = cursor->bad ? 0 : (uint32_t)stated - lines.count;
}

enum tw_code tw_paper_read(const struct tw_element *element, struct tw_arena *arena, struct tw_paper *out)
{
	struct reader reader = {tw_cursor_of(element->bytes), arena, false};
	*out = (struct tw_paper){.issued = 0};
	if (!tw_element_is(element, TW_ELEMENT_PAPER) || tw_varint_take(&reader.cursor) != FORMAT) {
		return TW_E_MISSING;
	}
	head_take(&reader, out);
	texts_take(&reader, out);
	people_take(&reader, out);
	lines_take(&reader, out);
	return reader.full ? TW_E_MEMORY : reader.cursor.bad ? TW_E_MISSING : TW_OK;
}

/* ---- the terms in force ---- */

const struct tw_element *tw_terms_in_force(const struct tw_state *state, struct tw_terms *out, bool *conflict)
{
	const struct tw_element *best = NULL;
	struct tw_terms terms = {.revision = 0}, before = {.revision = 0};
	bool any = false, twice = false;
	for (uint32_t i = 0; i < state->element_count; i++) {
		if (!tw_terms_read(&state->elements[i], &terms)) {
			continue;
		}
		twice = twice || (any && before.revision == terms.revision && before.revision_known && terms.revision_known);
		before = terms;
		any = true;
		if (!best || tw_element_compare(best, &state->elements[i]) < 0) {
			best = &state->elements[i];
			*out = terms;
		}
	}
	if (conflict) {
		*conflict = twice;
	}
	return best;
}

const struct tw_element *tw_terms_of_day(const struct tw_state *state, int64_t day, struct tw_terms *out)
{
	const struct tw_element *best = NULL;
	for (uint32_t i = 0; i < state->element_count; i++) {
		const struct tw_element *element = &state->elements[i];
		struct tw_terms terms;
		if (tw_element_is(element, TW_ELEMENT_TERMS) && tw_instant_day(element->version.time_ms) <= day &&
		    (!best || tw_element_compare(best, element) < 0) && tw_terms_read(element, &terms)) {
			best = element;
			*out = terms;
		}
	}
	return best ? best : tw_terms_in_force(state, out, NULL);
}

/* The paper of that statement: same key behind the class, same version. */
static const struct tw_element *paper_of(const struct tw_state *state, const struct tw_element *terms)
{
	for (uint32_t i = 0; i < state->element_count; i++) {
		const struct tw_element *element = &state->elements[i];
		if (tw_element_is(element, TW_ELEMENT_PAPER) && tw_slice_equal(tw_element_tail(element), tw_element_tail(terms)) &&
		    element->version.id == terms->version.id && element->version.time_ms == terms->version.time_ms) {
			return element;
		}
	}
	return NULL;
}

/* Numbers of the terms beside the words of the paper; what the paper does not keep has its numbers alone. */
static bool lines_join(struct tw_terms terms, struct tw_arena *arena, struct tw_paper *paper)
{
	struct tw_list lines = {NULL, 0, 0};
	struct tw_ledger_line line;
	while (tw_ledger_next(&terms.lines, &terms.lines_left, &line)) {
		struct tw_paper_line *joined = tw_list_push(arena, &lines, sizeof(*joined));
		if (!joined) {
			return false;
		}
		*joined = lines.count <= paper->line_count ? paper->lines[lines.count - 1] : (struct tw_paper_line){.hs = {"", 0}};
		joined->terms = line;
	}
	paper->lines = lines.data;
	paper->line_count = lines.count;
	return true;
}

enum tw_code tw_terms_paper(const struct tw_state *state, struct tw_arena *arena, struct tw_paper *out, bool *kept)
{
	struct tw_terms terms = {.revision = 0};
	return tw_terms_paper_of(state, tw_terms_in_force(state, &terms, NULL), arena, out, kept);
}

enum tw_code tw_terms_paper_of(const struct tw_state *state, const struct tw_element *best, struct tw_arena *arena, struct tw_paper *out, bool *kept)
{
	struct tw_terms terms = {.revision = 0};
	const struct tw_element *element = best ? paper_of(state, best) : NULL;
	enum tw_code code = element ? tw_paper_read(element, arena, out) : TW_E_MISSING;
	*kept = code == TW_OK;
	if (!best || code == TW_E_MEMORY) {
		return best ? TW_E_MEMORY : TW_E_MISSING;
	}
	*out = *kept ? *out : (struct tw_paper){.issued = 0};
	tw_terms_read(best, &terms);
	out->terms = terms;
	return lines_join(terms, arena, out) ? TW_OK : TW_E_MEMORY;
}
