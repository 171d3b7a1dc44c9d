/**
 * @file certificate_changes.c
 * What one statement of a certificate's terms says otherwise than another (certificate_view.h): each thing once, lines by their number.
 * A list that is not whole on record says nothing of what it lacks.
 */
#include <inttypes.h>

#include "engine/base/text.h"
#include "engine/base/time.h"
#include "engine/event/shape.h"
#include "engine/command/certificate_view.h"
#include "engine/run/state_words.h"

#define TEXT_BYTES 48U

struct comparing {
	struct tw_arena *arena;
	struct tw_list *changes;
	bool whole;
};

static const struct tw_slice unsaid = {"", 0};

static void change_add(struct comparing *comparing, struct tw_slice what, struct tw_slice before, struct tw_slice after)
{
	if (!comparing->whole || tw_slice_equal(before, after)) {
		return;
	}
	struct tw_change *change = tw_list_push(comparing->arena, comparing->changes, sizeof(*change));
	struct tw_slice own[] = {tw_arena_copy(comparing->arena, what), tw_arena_copy(comparing->arena, before),
	                         tw_arena_copy(comparing->arena, after)};
	comparing->whole = change && own[0].ptr && own[1].ptr && own[2].ptr;
	if (comparing->whole) {
		*change = (struct tw_change){own[0], own[1], own[2]};
	}
}

static void text_compare(struct comparing *comparing, const char *what, struct tw_slice before, struct tw_slice after)
{
	change_add(comparing, tw_slice_str(what), before, after);
}

static struct tw_slice day_of(bool stated, int32_t day, char out[TW_DATE_BYTES])
{
	return stated ? tw_slice_str(tw_date_format(day, out)) : unsaid;
}

static void day_compare(struct comparing *comparing, const char *what, const bool stated[2], const int32_t day[2])
{
	char text[2][TW_DATE_BYTES];
	change_add(comparing, tw_slice_str(what), day_of(stated[0], day[0], text[0]), day_of(stated[1], day[1], text[1]));
}

static struct tw_slice flag_of(bool stated, bool flag)
{
	return stated ? tw_slice_str(flag ? "yes" : "no") : unsaid;
}

/* ---- heads ---- */

static void head_compare(struct comparing *comparing, const struct tw_paper *a, const struct tw_paper *b)
{
	char letters[2][TW_COUNTRY_BYTES];
	const struct tw_terms *x = &a->terms, *y = &b->terms;
	day_compare(comparing, "valid from", (const bool[]){x->from_stated, y->from_stated}, (const int32_t[]){x->valid_from, y->valid_from});
	day_compare(comparing, "valid until", (const bool[]){x->until_stated, y->until_stated}, (const int32_t[]){x->valid_until, y->valid_until});
	change_add(comparing, tw_slice_str("final destination"), tw_country_letters(x->destination, letters[0]),
	           tw_country_letters(y->destination, letters[1]));
	change_add(comparing, tw_slice_str("single transaction"), flag_of(x->single_stated, x->single), flag_of(y->single_stated, y->single));
}

static void words_compare(struct comparing *comparing, const struct tw_paper *a, const struct tw_paper *b)
{
	day_compare(comparing, "issued", (const bool[]){a->issued_stated, b->issued_stated}, (const int32_t[]){a->issued, b->issued});
	text_compare(comparing, "authority", a->authority, b->authority);
	text_compare(comparing, "office", a->office, b->office);
	text_compare(comparing, "paper number", a->paper_number, b->paper_number);
	text_compare(comparing, "document's SHA-256", a->sha256, b->sha256);
	text_compare(comparing, "contract", a->contract, b->contract);
	text_compare(comparing, "end use", a->end_use, b->end_use);
	text_compare(comparing, "no re-export", flag_of(a->no_reexport_stated, a->no_reexport), flag_of(b->no_reexport_stated, b->no_reexport));
	text_compare(comparing, "delivery verification", flag_of(a->verification_stated, a->verification),
	             flag_of(b->verification_stated, b->verification));
}

/* ---- parties, signatories, countries of transit ---- */

static struct tw_slice party_text(const struct tw_paper_party *party, struct tw_arena *arena)
{
	char letters[TW_COUNTRY_BYTES];
	struct tw_slice country = tw_country_letters(party->country, letters);
	return tw_arena_format(arena, "%.*s%s%.*s%s", (int)party->name.len, party->name.ptr, country.len ? " (" : "", (int)country.len, country.ptr,
	                       country.len ? ")" : "");
}

static bool same_party(const struct tw_paper_party *a, const struct tw_paper_party *b)
{
	return a->role == b->role && a->country == b->country && (tw_slice_equal(a->name, b->name) || (a->key && a->key == b->key));
}

static bool has_party(const struct tw_paper *paper, const struct tw_paper_party *party)
{
	for (uint32_t i = 0; i < paper->party_count; i++) {
		if (same_party(&paper->parties[i], party)) {
			return true;
		}
	}
	return paper->more_parties != 0;
}

/* @param gone they are of the earlier statement */
static void parties_compare(struct comparing *comparing, const struct tw_paper *of, const struct tw_paper *other, bool gone)
{
	for (uint32_t i = 0; i < of->party_count && comparing->whole; i++) {
		const struct tw_paper_party *party = &of->parties[i];
		if (!has_party(other, party)) {
			struct tw_slice text = party_text(party, comparing->arena);
			const char *role = party->role ? tw_party_role_word(party->role) : "party";
			comparing->whole = text.ptr != NULL;
			change_add(comparing, tw_slice_str(role), gone ? text : unsaid, gone ? unsaid : text);
		}
	}
}

static bool has_signatory(const struct tw_paper *paper, struct tw_slice name)
{
	for (uint32_t i = 0; i < paper->signatory_count; i++) {
		if (tw_slice_equal(paper->signatories[i].name, name)) {
			return true;
		}
	}
	return paper->more_signatories != 0;
}

static void signatories_compare(struct comparing *comparing, const struct tw_paper *of, const struct tw_paper *other, bool gone)
{
	for (uint32_t i = 0; i < of->signatory_count; i++) {
		struct tw_slice name = of->signatories[i].name;
		if (!has_signatory(other, name)) {
			change_add(comparing, tw_slice_str("signed by"), gone ? name : unsaid, gone ? unsaid : name);
		}
	}
}

static bool has_transit(const struct tw_paper *paper, uint16_t country)
{
	for (uint32_t i = 0; i < paper->transit_count; i++) {
		if (paper->transit[i] == country) {
			return true;
		}
	}
	return paper->more_transit != 0;
}

static void transit_compare(struct comparing *comparing, const struct tw_paper *of, const struct tw_paper *other, bool gone)
{
	char letters[TW_COUNTRY_BYTES];
	for (uint32_t i = 0; i < of->transit_count; i++) {
		if (!has_transit(other, of->transit[i])) {
			struct tw_slice country = tw_country_letters(of->transit[i], letters);
			change_add(comparing, tw_slice_str("transit"), gone ? country : unsaid, gone ? unsaid : country);
		}
	}
}

/* ---- lines ---- */

static const struct tw_paper_line *line_of(const struct tw_paper *paper, int64_t number)
{
	for (uint32_t i = 0; i < paper->line_count; i++) {
		if (paper->lines[i].terms.line == number) {
			return &paper->lines[i];
		}
	}
	return NULL;
}

static struct tw_slice amount_text(bool stated, int64_t e4, uint32_t unit, char out[TEXT_BYTES])
{
	char amount[32], word[8];
	tw_state_unit(unit, word);
	snprintf(out, TEXT_BYTES, "%s%s%s", tw_state_amount(e4, amount), word[0] ? " " : "", word);
	return stated ? tw_slice_str(out) : unsaid;
}

static void line_say(struct comparing *comparing, int64_t number, const char *what, struct tw_slice before, struct tw_slice after)
{
	char label[TEXT_BYTES];
	snprintf(label, sizeof(label), "line %" PRId64 ", %s", number, what);
	change_add(comparing, tw_slice_str(label), before, after);
}

static void line_compare(struct comparing *comparing, const struct tw_paper_line *a, const struct tw_paper_line *b, bool words)
{
	char text[2][TEXT_BYTES];
	const struct tw_ledger_line *x = &a->terms, *y = &b->terms;
	line_say(comparing, x->line, "quantity", amount_text(x->stated, x->quantity_e4, x->unit, text[0]),
	         amount_text(y->stated, y->quantity_e4, y->unit, text[1]));
	line_say(comparing, x->line, "value", amount_text(x->valued, x->value_e4, x->currency, text[0]),
	         amount_text(y->valued, y->value_e4, y->currency, text[1]));
	if (words) {
		line_say(comparing, x->line, "goods", a->description, b->description);
		line_say(comparing, x->line, "HS", a->hs, b->hs);
		line_say(comparing, x->line, "control code", a->control_code, b->control_code);
		line_say(comparing, x->line, "make", a->make, b->make);
		line_say(comparing, x->line, "model", a->model, b->model);
		line_say(comparing, x->line, "calibre", a->calibre, b->calibre);
	}
}

static struct tw_slice line_text(const struct tw_paper_line *line, struct tw_arena *arena)
{
	char text[TEXT_BYTES];
	struct tw_slice amount = amount_text(line->terms.stated, line->terms.quantity_e4, line->terms.unit, text);
	return tw_arena_format(arena, "%.*s%s%.*s", (int)amount.len, amount.ptr, amount.len && line->description.len ? " " : "",
	                       (int)line->description.len, line->description.len ? line->description.ptr : "");
}

static void lines_compare(struct comparing *comparing, const struct tw_paper *a, const struct tw_paper *b, bool words)
{
	for (uint32_t i = 0; i < a->line_count && comparing->whole; i++) {
		const struct tw_paper_line *other = line_of(b, a->lines[i].terms.line);
		if (other) {
			line_compare(comparing, &a->lines[i], other, words);
		} else if (!b->more_lines) {
			struct tw_slice text = line_text(&a->lines[i], comparing->arena);
			comparing->whole = text.ptr != NULL;
			line_say(comparing, a->lines[i].terms.line, "the line", text, unsaid);
		}
	}
	for (uint32_t i = 0; i < b->line_count && comparing->whole; i++) {
		if (!line_of(a, b->lines[i].terms.line) && !a->more_lines) {
			struct tw_slice text = line_text(&b->lines[i], comparing->arena);
			comparing->whole = text.ptr != NULL;
			line_say(comparing, b->lines[i].terms.line, "the line", unsaid, text);
		}
	}
}

bool tw_certificate_changes(const struct tw_paper *before, bool words, const struct tw_paper *after, struct tw_arena *arena, struct tw_list *changes)
{
	struct comparing comparing = {arena, changes, true};
	head_compare(&comparing, before, after);
	lines_compare(&comparing, before, after, words);
	if (words) {
		words_compare(&comparing, before, after);
		parties_compare(&comparing, before, after, true);
		parties_compare(&comparing, after, before, false);
		signatories_compare(&comparing, before, after, true);
		signatories_compare(&comparing, after, before, false);
		transit_compare(&comparing, before, after, true);
		transit_compare(&comparing, after, before, false);
	}
	return comparing.whole;
}
