/**
 * @file eu_documents.c
 * What the EU's codes for documents and numbers are called here; one table for its XML, its JSON lines and its CSV.
 *
 * Source: European Commission, consolidated list of financial sanctions, identificationTypeCode; the codes of the export of March 2026 but for
 *         "other" (455 of 2,430), of which a person's alone is taken, and "imo", whose scheme the check digit decides.
 */
#include "feeds/list_loader.h"

static const struct {
	const char *code;
	const char *scheme;
} documents[] = {
    {"passport", "passport"},
    {"travelcardid", "passport"},
    {"id", "national_id"},
    {"ssn", "national_id"},
    {"unssn", "national_id"},
    {"birthcert", "national_id"},
    {"drivinglicence", "national_id"},
    {"nationcert", "national_id"},
    {"residentperm", "national_id"},
    {"electionid", "national_id"},
    {"fiscalcode", "tax"},
    {"taxid", "tax"},
    {"euvat", "tax"},
    {"regnumber", "registration"},
    {"tradelic", "registration"},
    {"swiftbic", "bic"},
};

/* "other" says nothing: a person's number is personal, a firm's may be one that it shares with its neighbours (a tax office's code). */
const char *tw_eu_document_scheme(struct tw_slice code, enum tw_entry_kind kind)
{
	for (size_t i = 0; i < sizeof(documents) / sizeof(documents[0]); i++) {
		if (tw_slice_is(code, documents[i].code)) {
			return documents[i].scheme;
		}
	}
	return tw_slice_is(code, "other") && kind == TW_ENTRY_PERSON ? "national_id" : NULL;
}
