/**
 * @file state_paper.c
 * See state_paper.h.
 *
 *     Paper of the latest terms
 *       issued by           Ministry of Defence, Export Control
 *       end_user            Ministry of Interior (QZ)
 *       goods 1             assault rifles, HS 930120, ML1, calibre 7.62x39
 */
#include "engine/command/state_paper.h"

#include <inttypes.h>

#include "engine/base/text.h"
#include "engine/base/time.h"
#include "engine/event/shape.h"
#include "engine/command/cell.h"

#define COLUMNS_MAX 1000U
#define LABEL       24U

/* ---- in words ---- */

static void label_print(const char *label, FILE *out)
{
	fprintf(out, "  %-*s ", (int)LABEL, label);
}

static void text_print(const char *label, struct tw_slice text, FILE *out)
{
	if (text.len) {
		label_print(label, out);
		tw_cell_print(out, text, COLUMNS_MAX);
		fputc('\n', out);
	}
}

static void day_print(const char *label, bool stated, int32_t day, FILE *out)
{
	char date[TW_DATE_BYTES];
	if (stated) {
		text_print(label, tw_slice_str(tw_date_format(day, date)), out);
	}
}

static void more_print(const char *label, uint32_t more, FILE *out)
{
	if (more) {
		label_print(label, out);
		fprintf(out, "%" PRIu32 " more that are not kept\n", more);
	}
}

static void assurance_print(const char *label, bool stated, bool given, FILE *out)
{
	if (stated) {
		text_print(label, tw_slice_str(given ? "yes" : "no"), out);
	}
}

static void people_print(const struct tw_paper *paper, FILE *out)
{
	char letters[TW_COUNTRY_BYTES], date[TW_DATE_BYTES];
	for (uint32_t i = 0; i < paper->party_count; i++) {
		const struct tw_paper_party *party = &paper->parties[i];
		struct tw_slice country = tw_country_letters(party->country, letters);
		label_print(party->role ? tw_party_role_word(party->role) : "party", out);
		tw_cell_print(out, party->name, COLUMNS_MAX);
		fprintf(out, country.len ? " (%.*s)\n" : "%.*s\n", (int)country.len, country.ptr);
	}
	more_print("parties", paper->more_parties, out);
	for (uint32_t i = 0; i < paper->signatory_count; i++) {
		const struct tw_paper_signatory *signatory = &paper->signatories[i];
		label_print("signed by", out);
		tw_cell_print(out, signatory->name, COLUMNS_MAX);
		fputs(signatory->position.len ? ", " : "", out);
		tw_cell_print(out, signatory->position, COLUMNS_MAX);
		fprintf(out, "%s%s\n", signatory->signed_stated ? ", on " : "",
		        signatory->signed_stated ? tw_date_format(signatory->signed_on, date) : "");
	}
	more_print("signed by", paper->more_signatories, out);
}

static void lists_print(const struct tw_paper *paper, FILE *out)
{
	char letters[TW_COUNTRY_BYTES];
	for (uint32_t i = 0; i < paper->transit_count; i++) {
		text_print("transit", tw_country_letters(paper->transit[i], letters), out);
	}
	more_print("transit", paper->more_transit, out);
	for (uint32_t i = 0; i < paper->licence_count; i++) {
		text_print("licence", paper->licences[i], out);
	}
	more_print("licences", paper->more_licences, out);
}

static void line_print(const struct tw_paper_line *line, FILE *out)
{
	const struct {
		const char *before;
		struct tw_slice text;
	} parts[] = {
	    {"", line->description}, {"HS ", line->hs},       {"", line->control_code},
	    {"make ", line->make},   {"model ", line->model}, {"calibre ", line->calibre},
	};
	char label[LABEL];
	snprintf(label, sizeof(label), "goods %" PRId64, line->terms.line);
	label_print(label, out);
	const char *between = "";
	for (uint32_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (parts[i].text.len) {
			fprintf(out, "%s%s", between, parts[i].before);
			tw_cell_print(out, parts[i].text, COLUMNS_MAX);
			between = ", ";
		}
	}
	fputc('\n', out);
}

bool tw_state_paper_text(const struct tw_state *state, struct tw_arena *arena, FILE *out)
{
	struct tw_paper paper;
	bool kept = false;
	enum tw_code code = tw_terms_paper(state, arena, &paper, &kept);
	if (code || !kept) {
		return code != TW_E_MEMORY;
	}
	fputs("Paper of the latest terms\n", out);
	text_print("authority", paper.authority, out);
	text_print("office", paper.office, out);
	day_print("issued", paper.issued_stated, paper.issued, out);
	text_print("paper number", paper.paper_number, out);
	text_print("sha256", paper.sha256, out);
	text_print("contract", paper.contract, out);
	day_print("contract of", paper.contract_dated, paper.contract_date, out);
	text_print("end use", paper.end_use, out);
	people_print(&paper, out);
	lists_print(&paper, out);
	assurance_print("no re-export", paper.no_reexport_stated, paper.no_reexport, out);
	assurance_print("re-export needs consent", paper.consent_stated, paper.consent, out);
	assurance_print("delivery verification", paper.verification_stated, paper.verification, out);
	if (paper.verify_days_stated) {
		label_print("verify within", out);
		fprintf(out, "%" PRIu32 " days\n", paper.verify_within_days);
	}
	for (uint32_t i = 0; i < paper.line_count; i++) {
		line_print(&paper.lines[i], out);
	}
	more_print("goods", paper.more_lines, out);
	return true;
}

/* ---- as JSON ---- */

static void day_member(struct tw_json *json, const char *name, bool stated, int32_t day)
{
	char date[TW_DATE_BYTES];
	if (stated) {
		tw_json_text_member(json, name, tw_slice_str(tw_date_format(day, date)));
	}
}

static void more_member(struct tw_json *json, const char *name, uint32_t more)
{
	if (more) {
		tw_json_integer_member(json, name, more);
	}
}

static void assurance_member(struct tw_json *json, const char *name, bool stated, bool given)
{
	if (stated) {
		tw_json_key(json, name);
		tw_json_flag(json, given);
	}
}

static void people_json(struct tw_json *json, const struct tw_paper *paper)
{
	char letters[TW_COUNTRY_BYTES];
	tw_json_key(json, "parties");
	tw_json_array(json);
	for (uint32_t i = 0; i < paper->party_count; i++) {
		const struct tw_paper_party *party = &paper->parties[i];
		tw_json_object(json);
		tw_json_text_member(json, "role", tw_slice_str(tw_party_role_word(party->role)));
		tw_json_text_member(json, "name", party->name);
		tw_json_text_member(json, "country", tw_country_letters(party->country, letters));
		tw_json_object_end(json);
	}
	tw_json_array_end(json);
	more_member(json, "more_parties", paper->more_parties);
	tw_json_key(json, "signatories");
	tw_json_array(json);
	for (uint32_t i = 0; i < paper->signatory_count; i++) {
		const struct tw_paper_signatory *signatory = &paper->signatories[i];
		tw_json_object(json);
		tw_json_text_member(json, "name", signatory->name);
		tw_json_text_member(json, "position", signatory->position);
		day_member(json, "signed", signatory->signed_stated, signatory->signed_on);
		tw_json_object_end(json);
	}
	tw_json_array_end(json);
	more_member(json, "more_signatories", paper->more_signatories);
}

static void lists_json(struct tw_json *json, const struct tw_paper *paper)
{
	char letters[TW_COUNTRY_BYTES];
	tw_json_key(json, "transit");
	tw_json_array(json);
	for (uint32_t i = 0; i < paper->transit_count; i++) {
		tw_json_text(json, tw_country_letters(paper->transit[i], letters));
	}
	tw_json_array_end(json);
	more_member(json, "more_transit", paper->more_transit);
	tw_json_key(json, "licences");
	tw_json_array(json);
	for (uint32_t i = 0; i < paper->licence_count; i++) {
		tw_json_text(json, paper->licences[i]);
	}
	tw_json_array_end(json);
	more_member(json, "more_licences", paper->more_licences);
}

static void line_json(struct tw_json *json, const struct tw_paper_line *line)
{
	tw_json_object(json);
	tw_json_integer_member(json, "line", line->terms.line);
	tw_json_text_member(json, "description", line->description);
	tw_json_text_member(json, "hs", line->hs);
	tw_json_text_member(json, "control_code", line->control_code);
	tw_json_text_member(json, "make", line->make);
	tw_json_text_member(json, "model", line->model);
	tw_json_text_member(json, "calibre", line->calibre);
	tw_json_object_end(json);
}

bool tw_state_paper_json(struct tw_json *json, const struct tw_state *state, struct tw_arena *arena)
{
	struct tw_paper paper;
	bool kept = false;
	enum tw_code code = tw_terms_paper(state, arena, &paper, &kept);
	if (code || !kept) {
		return code != TW_E_MEMORY;
	}
	tw_json_key(json, "paper");
	tw_json_object(json);
	tw_json_text_member(json, "authority", paper.authority);
	tw_json_text_member(json, "office", paper.office);
	day_member(json, "issued", paper.issued_stated, paper.issued);
	tw_json_text_member(json, "paper_number", paper.paper_number);
	tw_json_text_member(json, "sha256", paper.sha256);
	tw_json_text_member(json, "contract", paper.contract);
	day_member(json, "contract_date", paper.contract_dated, paper.contract_date);
	tw_json_text_member(json, "end_use", paper.end_use);
	people_json(json, &paper);
	lists_json(json, &paper);
	assurance_member(json, "no_reexport", paper.no_reexport_stated, paper.no_reexport);
	assurance_member(json, "reexport_needs_consent", paper.consent_stated, paper.consent);
	assurance_member(json, "delivery_verification", paper.verification_stated, paper.verification);
	if (paper.verify_days_stated) {
		tw_json_integer_member(json, "verify_within_days", paper.verify_within_days);
	}
	tw_json_key(json, "lines");
	tw_json_array(json);
	for (uint32_t i = 0; i < paper.line_count; i++) {
		line_json(json, &paper.lines[i]);
	}
	tw_json_array_end(json);
	more_member(json, "more_lines", paper.more_lines);
	tw_json_object_end(json);
	return true;
}
