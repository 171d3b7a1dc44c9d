/**
 * @file ofac_remarks.c
 * OFAC's remarks column: clauses cut by semicolons, each a fact with its own words in front.
 *
 *     a.k.a. 'BNC'; Passport A5199819 (Pakistan) issued 12 Jan 2004; alt. Passport 1084010 (Egypt); nationality Syria; MMSI 572469210.
 *     ^ weak name   ^prefix  ^value   ^country   ^note              ^ dropped word
 *
 * A table turns a prefix into a scheme; the longest prefix that fits wins. "DOB" is a birth, "Linked To" a relation of
 * no stated kind. Clauses that no row knows (programmes, sanctions risk, addresses on a block chain) are passed over.
 *
 * Source: US Treasury, OFAC, SDN list data formats, remarks field; the prefixes are those of the files of 2019 and 2024.
 */
#include <tidewaiter/limits.h>

#include "feeds/list_date.h"
#include "feeds/list_loader.h"
#include "feeds/list_text.h"

#define REMARKS_CUT_BYTES 1000 /* the column's width: a longer text is cut there in the middle of a word */

static const struct {
	const char *prefix;
	const char *scheme;
} prefixes[] = {
    {"Passport", "passport"},
    {"Passport Booklet", "passport"},
    {"Diplomatic Passport", "passport"},
    {"Stateless Person Passport", "passport"},
    {"Travel Document Number", "passport"},
    {"British National Overseas Passport", "passport"},
    {"National ID No.", "national_id"},
    {"National Foreign ID Number", "national_id"},
    {"Cedula No.", "national_id"},
    {"C.U.R.P.", "national_id"},
    {"C.U.I.", "national_id"},
    {"C.U.I.P.", "national_id"},
    {"D.N.I.", "national_id"},
    {"I.F.E.", "national_id"},
    {"LE Number", "national_id"},
    {"Identification Number", "national_id"},
    {"Turkish Identification Number", "national_id"},
    {"Turkish Identificiation Number", "national_id"}, /* as OFAC spells it */
    {"Personal ID Card", "national_id"},
    {"Citizen's Card Number", "national_id"},
    {"Tazkira National ID Card", "national_id"},
    {"Refugee ID Card", "national_id"},
    {"Residency Number", "national_id"},
    {"Kenyan ID No.", "national_id"},
    {"Bosnian Personal ID No.", "national_id"},
    {"Moroccan Personal ID No.", "national_id"},
    {"Electoral Registry No.", "national_id"},
    {"Credencial electoral", "national_id"},
    {"Cartilla de Servicio Militar Nacional", "national_id"},
    {"Birth Certificate Number", "national_id"},
    {"Driver's License No.", "national_id"},
    {"SSN", "national_id"},
    {"Stateless Person ID Card", "national_id"},
    {"Numero de Identidad", "national_id"},
    {"N.I.E.", "national_id"},
    {"CNP (Personal Numerical Code)", "national_id"},
    {"UAE Identification", "national_id"},
    {"Military Registration Number", "national_id"},
    {"Tax ID No.", "tax"},
    {"NIT #", "tax"},
    {"RUC #", "tax"},
    {"RIF #", "tax"},
    {"R.F.C.", "tax"},
    {"RFC", "tax"},
    {"RTN", "tax"},
    {"C.I.F.", "tax"},
    {"C.U.I.T.", "tax"},
    {"V.A.T. Number", "tax"},
    {"US FEIN", "tax"},
    {"Italian Fiscal Code", "tax"},
    {"Business Number", "tax"},
    {"Fiscal Code", "tax"},
    {"Romanian Tax Registration", "tax"},
    {"Paraguayan tax identification number", "tax"},
    {"Numero Unico de Identificacao Tributaria (NUIT)", "tax"},
    {"Registration Number", "registration"},
    {"Registration ID", "registration"},
    {"Business Registration Number", "registration"},
    {"Business Registration Document #", "registration"},
    {"Business Registration Document # CUD", "registration"},
    {"Company Number", "registration"},
    {"UK Company Number", "registration"},
    {"Commercial Registry Number", "registration"},
    {"Public Registration Number", "registration"},
    {"Central Registration System Number", "registration"},
    {"Economic Register Number (CBLS)", "registration"},
    {"Folio Mercantil No.", "registration"},
    {"Matricula Mercantil No", "registration"},
    {"C.R. No.", "registration"},
    {"Trade License No.", "registration"},
    {"Chamber of Commerce Number", "registration"},
    {"Istanbul Chamber of Comm. No.", "registration"},
    {"Dubai Chamber of Commerce Membership No.", "registration"},
    {"Certificate of Incorporation Number", "registration"},
    {"Legal Entity Number", "registration"},
    {"Enterprise Number", "registration"},
    {"Branch Unit Number", "registration"},
    {"Organization Code", "registration"},
    {"Unified Social Credit Code (USCC)", "registration"},
    {"United Social Credit Code Certificate (USCCC)", "registration"},
    {"Registered Charity No.", "registration"},
    {"Government Gazette Number", "registration"},
    {"Romanian C.R.", "registration"},
    {"File Number", "registration"},
    {"License", "registration"},
    {"Permit Number", "registration"},
    {"SRE Permit No.", "registration"},
    {"D-U-N-S Number", "duns"},
    {"SWIFT/BIC", "bic"},
    {"BIK (RU)", "bik"},
    {"MMSI", "mmsi"},
    {"Vessel Registration Identification", "registration"}, /* with "IMO" before the number, that decides */
    {"Aircraft Tail Number", "tail_number"},
    {"Aircraft Manufacturer's Serial Number (MSN)", "aircraft_serial"},
    {"Aircraft Construction Number (also called L/N or S/N or F/N)", "aircraft_serial"},
    {"Aircraft Serial Identification", "aircraft_serial"},
    {"Aircraft Mode S Transponder Code", "transponder"},
};

static bool starts(struct tw_slice text, const char *word)
{
	size_t length = strlen(word);
	return text.len >= length && memcmp(text.ptr, word, length) == 0;
}

static struct tw_slice after(struct tw_slice text, uint32_t bytes)
{
	return tw_list_trim((struct tw_slice){text.ptr + bytes, text.len - bytes});
}

/* Up to the first occurrence of `mark`, else the whole. */
static struct tw_slice before(struct tw_slice text, const char *mark)
{
	size_t length = strlen(mark);
	for (uint32_t i = 0; i + length <= text.len; i++) {
		if (memcmp(text.ptr + i, mark, length) == 0) {
			return tw_list_trim((struct tw_slice){text.ptr, i});
		}
	}
	return text;
}

/* The scheme of the longest prefix, and what follows it; NULL when no row fits. */
static const char *scheme_of(struct tw_slice clause, struct tw_slice *rest)
{
	const char *scheme = NULL;
	uint32_t longest = 0;
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		uint32_t length = (uint32_t)strlen(prefixes[i].prefix);
		bool whole_word = clause.len > length && memchr(" :#", clause.ptr[length], 3);
		if (length > longest && whole_word && starts(clause, prefixes[i].prefix)) {
			longest = length;
			scheme = prefixes[i].scheme;
		}
	}
	*rest = after(clause, longest);
	while (rest->len && (rest->ptr[0] == ':' || rest->ptr[0] == '#')) {
		*rest = after(*rest, 1);
	}
	return scheme;
}

/* "(Iran)": the last bracket of the clause that is not part of its prefix. */
static struct tw_slice bracket_in(struct tw_slice rest)
{
	uint32_t open = rest.len, close = rest.len;
	for (uint32_t i = 0; i < rest.len; i++) {
		open = rest.ptr[i] == '(' ? i : open;
		close = rest.ptr[i] == ')' ? i : close;
	}
	return open < close && close < rest.len ? (struct tw_slice){rest.ptr + open + 1, close - open - 1} : (struct tw_slice){"", 0};
}

static bool holds_digit(struct tw_slice text)
{
	for (uint32_t i = 0; i < text.len; i++) {
		if (text.ptr[i] >= '0' && text.ptr[i] <= '9') {
			return true;
		}
	}
	return false;
}

static struct tw_slice value_in(struct tw_slice rest)
{
	static const char *const ends[] = {" (", " issued", " expires", ", "};
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		rest = before(rest, ends[i]);
	}
	return rest;
}

/* A code of letters alone is a number only where letters are all there is: SWIFT/BIC, tail numbers. */
static bool stage_identifier(struct tw_list_stage *stage, uint32_t entry, const char *scheme, struct tw_slice value, struct tw_slice country)
{
	bool is_imo = starts(value, "IMO ");
	value = is_imo ? after(value, 4) : value;
	if (value.len == 0 || (!holds_digit(value) && strcmp(scheme, "bic") != 0 && strcmp(scheme, "tail_number") != 0)) {
		return true;
	}
	if (is_imo) {
		/* the issuer says that it is one: kept as issued even where the check digit is wrong */
		enum tw_entry_kind kind = tw_list_stage_entry_at(stage, entry)->kind;
		const char *checked = tw_list_imo_scheme(value, kind);
		scheme = checked ? checked : kind == TW_ENTRY_VESSEL ? "imo" : "imo_company";
	}
	return tw_list_stage_identifier(stage, entry, scheme, value, country);
}

static bool add_identifier(struct tw_list_stage *stage, uint32_t entry, struct tw_slice clause)
{
	struct tw_slice rest;
	const char *scheme = scheme_of(clause, &rest);
	return !scheme || stage_identifier(stage, entry, scheme, value_in(rest), bracket_in(rest));
}

bool tw_ofac_identifier(struct tw_list_stage *stage, uint32_t entry, struct tw_slice type, struct tw_slice number, struct tw_slice country,
                        bool *known)
{
	*known = false;
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		if (tw_slice_is(type, prefixes[i].prefix)) {
			*known = true;
			return stage_identifier(stage, entry, prefixes[i].scheme, number, country);
		}
	}
	return true;
}

/* a.k.a. 'BNC': OFAC's weak names stand in the remarks, in single quotes; a closing quote that is missing was cut off.
 * Source: US Treasury, OFAC, FAQ 122 and 123 (weak aliases: what they are, where they stand). */
static bool add_quoted_name(struct tw_list_stage *stage, uint32_t entry, struct tw_slice clause)
{
	enum tw_name_quality quality = clause.ptr[0] == 'f' ? TW_NAME_FORMER : clause.ptr[0] == 'n' ? TW_NAME_STRONG : TW_NAME_WEAK;
	struct tw_slice quoted = after(clause, 6);
	if (quoted.len < 3 || quoted.ptr[0] != '\'' || quoted.ptr[quoted.len - 1] != '\'') {
		return true;
	}
	return tw_list_stage_name(stage, entry, (struct tw_slice){quoted.ptr + 1, quoted.len - 2}, quality);
}

/* "circa 1955", "01 Jan 1961 to 31 Dec 1962": both ends of a span are kept. */
static bool add_birth(struct tw_list_stage *stage, uint32_t entry, struct tw_slice text)
{
	struct tw_list_date date, until;
	if (!tw_list_date_read(text, TW_DATE_DAY_FIRST, &date, &until)) {
		tw_list_stage_skip(stage, "a birth that is no date", tw_list_stage_entry_at(stage, entry)->line, false);
		return true;
	}
	return tw_list_stage_birth(stage, entry, date) && tw_list_stage_birth(stage, entry, until);
}

static bool add_clause(struct tw_list_stage *stage, uint32_t entry, struct tw_slice clause)
{
	clause = tw_list_trim(clause);
	if (clause.len && clause.ptr[clause.len - 1] == '.') {
		clause.len--;
	}
	clause = starts(clause, "alt. ") ? after(clause, 5) : clause;
	if (starts(clause, "a.k.a.") || starts(clause, "f.k.a.") || starts(clause, "n.k.a.")) {
		return add_quoted_name(stage, entry, clause);
	}
	if (starts(clause, "nationality ")) {
		return tw_list_stage_country(stage, entry, after(clause, 12));
	}
	if (starts(clause, "citizen ")) {
		return tw_list_stage_country(stage, entry, after(clause, 8));
	}
	if (starts(clause, "DOB ")) {
		return add_birth(stage, entry, after(clause, 4));
	}
	if (starts(clause, "Linked To: ")) {
		return tw_list_stage_link(stage, entry, TW_LINK_OTHER, after(clause, 11));
	}
	return add_identifier(stage, entry, clause);
}

bool tw_ofac_remarks(struct tw_list_stage *stage, uint32_t entry, struct tw_slice remarks)
{
	bool cut = remarks.len >= REMARKS_CUT_BYTES && remarks.ptr[remarks.len - 1] != '.';
	stage->report.cut_remarks += cut;
	while (remarks.len) {
		const char *semicolon = memchr(remarks.ptr, ';', remarks.len);
		uint32_t length = semicolon ? (uint32_t)(semicolon - remarks.ptr) : remarks.len;
		if (!semicolon && cut) {
			break; /* half a number would be another number */
		}
		if (!add_clause(stage, entry, (struct tw_slice){remarks.ptr, length})) {
			return false;
		}
		uint32_t used = length + (semicolon != NULL);
		remarks = (struct tw_slice){remarks.ptr + used, remarks.len - used};
	}
	return true;
}
