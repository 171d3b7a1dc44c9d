/** @file ofac_csv_test.c  The OFAC loader on small files: every trap of the real ones, every way to be refused. */
#include "tests/unit/feeds/list_fixture.h"

#include "feeds/list_date.h"

#define NUL "-0- "
#define SDN(number, name, type, program, call, flag, remarks)                                                                                        \
	number "," name "," type "," program "," NUL "," call "," NUL "," NUL "," NUL "," flag "," NUL "," remarks "\r\n"
#define COMPANY(number, name) SDN(number, name, NUL, "\"TEST\"", NUL, NUL, NUL)
#define PERSON(remarks)       SDN("7", "\"BETA, Alpha\"", "\"individual\"", "\"TEST\"", NUL, NUL, "\"" remarks "\"")

static struct tw_arena arena;
static struct tw_list_stage *stage;
static struct tw_error err;

static void setup(void)
{
	tw_arena_init(&arena, 65536, 0);
	stage = fixture_stage("ofac-sdn");
	err = (struct tw_error){0};
}

static void teardown(void)
{
	if (stage) {
		fixture_stage_free(stage);
	}
	tw_arena_fini(&arena);
}

TestSuite(ofac_csv, .init = setup, .fini = teardown);

static enum tw_code load(const char *sdn, const char *alt, const char *add)
{
	const struct tw_list_file files[] = {{"sdn.csv", tw_slice_str(sdn)}, {"alt.csv", tw_slice_str(alt)}, {"add.csv", tw_slice_str(add)}};
	return tw_ofac_csv_load(stage, files, &err);
}

static void expect_entry(const char *sdn, const char *alt, const char *add, const char *id, const char *text)
{
	cr_assert_eq(load(sdn, alt, add), TW_OK, "%s: %s: %s", err.where, err.what, err.detail);
	struct tw_list_index *index = fixture_index(&stage, 1);
	stage = NULL;
	cr_expect_str_eq(fixture_entry(index, "ofac-sdn", id, &arena), text);
	tw_list_index_free(index);
}

static void expect_refusal(enum tw_code got, enum tw_code code, const char *where, const char *what)
{
	cr_assert_eq(got, code, "%s instead of %s", tw_code_name(got), tw_code_name(code));
	cr_expect_str_eq(err.where, where);
	cr_expect_str_eq(err.what, what);
	cr_expect_eq(err.disposition, TW_REJECT);
}

Test(ofac_csv, three_files_make_one_entry)
{
	expect_entry(COMPANY("36", "\"ALPHA LINES, LTD.\""), "36,12,\"aka\",\"ALFA LINES\",-0- \r\n36,13,\"fka\",\"BETA LINES\",-0- \r\n\x1a",
	             "36,25,-0- ,\"Alphaville\",\"Nowhere\",-0- \r\n36,26,-0- ,-0- ,\"Elsewhere\",-0- \r\n36,27,-0- ,-0- ,\"Nowhere\",-0- \r\n\x1a",
	             "36", "36 organisation TEST\nprimary: ALPHA LINES, LTD.\nstrong: ALFA LINES\nformer: BETA LINES\ncountries: XA XB\n");
}

Test(ofac_csv, a_vessel_has_its_call_sign_flag_and_numbers)
{
	expect_entry(
	    SDN("9", "\"ALPHA\"", "\"vessel\"", "\"TEST\"", "\"T2EU4\"", "\"Nowhere\"",
	        "\"Former Vessel Flag Malta; Vessel Registration Identification IMO 9187629; MMSI 572469210; f.k.a. 'BETA'; Linked To: X.\""),
	    "", "", "9", "9 vessel TEST\nprimary: ALPHA\nformer: BETA\ncall_sign: T2EU4\nimo: 9187629\nmmsi: 572469210\ncountries: XA\n");
}

Test(ofac_csv, remarks_hold_names_numbers_and_nationalities)
{
	expect_entry(
	    PERSON("DOB 22 Jan 1958; alt. POB Nowhere; nationality Nowhere; citizen Elsewhere; Passport A-992535 (Nowhere); alt. Passport B 524420 "
	           "issued 15 Jul 1998 expires 22 May 2003; Tax ID No. 100036386; National ID No. 22095919778 (Elsewhere); Gender Male; a.k.a. "
	           "'ABU-'UMAR'; alt. a.k.a. 'SHORT'; C.U.R.P. # HESU430525 (Nowhere); SWIFT/BIC ABCDXX"),
	    "", "", "7",
	    "7 person TEST\nprimary: BETA, Alpha\nweak: ABU-'UMAR\nweak: SHORT\npassport: A-992535 XA\npassport: B 524420\ntax: 100036386\n"
	    "national_id: 22095919778 XB\nnational_id: HESU430525 XA\nbic: ABCDXX\ncountries: XA XB\n");
}

Test(ofac_csv, an_imo_number_of_a_company_is_not_a_ships)
{
	expect_entry(
	    SDN("8", "\"ALPHA\"", NUL, "\"TEST\"", NUL, NUL,
	        "\"Identification Number IMO 5342883; Company Number IMO 1790183; Registration Number 26740 (Nowhere); Trade License No. C 50905.\""),
	    "", "", "8",
	    "8 organisation TEST\nprimary: ALPHA\nimo_company: 5342883\nimo_company: 1790183\nregistration: 26740 XA\nregistration: C 50905\n"
	    "countries:\n");
}

Test(ofac_csv, an_aircraft_has_its_tail_and_serial_numbers)
{
	expect_entry(
	    SDN("5", "\"EP-XXX\"", "\"aircraft\"", "\"TEST\"", NUL, NUL,
	        "\"Aircraft Construction Number (also called L/N or S/N or F/N) 8401; Aircraft Model IL76-TD; Aircraft Manufacturer's Serial "
	        "Number (MSN) 1023409321; Aircraft Tail Number N200VR.\""),
	    "", "", "5", "5 aircraft TEST\nprimary: EP-XXX\naircraft_serial: 8401\naircraft_serial: 1023409321\ntail_number: N200VR\ncountries:\n");
}

Test(ofac_csv, clauses_that_are_no_identifier_are_passed_over)
{
	expect_entry(
	    PERSON("Passport issued in Nowhere; NIT # Provisional (Nowhere); Passports 12345; Linked To: PASSPORT 123; (Passport 5555); ;; a.k.a. X"),
	    "", "", "7", "7 person TEST\nprimary: BETA, Alpha\ncountries:\n");
}

Test(ofac_csv, births_in_the_remarks_are_alternatives_and_what_is_no_date_is_counted)
{
	cr_assert_eq(
	    load(PERSON("DOB 12 Mar 1962; alt. DOB 1963; alt. DOB circa 1955; alt. DOB 1957 to 1958; alt. DOB unknown; alt. DOB 1963."), "", ""),
	    TW_OK);
	const struct tw_stage_birth *births = stage->births.data;
	static const struct tw_list_date expected[] = {
	    {1962, 3, 12, false}, {1963, 0, 0, false}, {1955, 0, 0, true}, {1957, 0, 0, true}, {1958, 0, 0, true}};
	cr_assert_eq(stage->births.count, 5u, "%u", stage->births.count);
	for (uint32_t i = 0; i < 5; i++) {
		cr_expect_eq(tw_list_date_compare(births[i].date, expected[i]), 0, "%u", i);
		cr_expect_eq(births[i].date.circa, expected[i].circa, "%u", i);
		cr_expect_eq(births[i].entry, 0u);
	}
	cr_assert_eq(stage->report.skip_count, 1u);
	cr_expect_str_eq(stage->report.skip[0].reason, "a birth that is no date");
	cr_expect_eq(stage->report.skip[0].first_line, 1u);
	cr_expect_not(stage->report.skip[0].unread);
}

Test(ofac_csv, links_in_the_remarks_name_whom_they_lead_to)
{
	cr_assert_eq(load(COMPANY("6", "\"DELTA\"") PERSON("Linked To: ALPHA LINES; Linked To: GAMMA (G) CO."), "", ""), TW_OK);
	const struct tw_stage_link *links = stage->links.data;
	cr_assert_eq(stage->links.count, 2u);
	cr_expect(links[0].entry == 1 && links[0].link.relation == TW_LINK_OTHER && tw_slice_is(links[0].link.to, "ALPHA LINES"));
	cr_expect(tw_slice_is(links[1].link.to, "GAMMA (G) CO"));
}

static uint32_t measures_from(const char *name)
{
	const struct tw_list_file files[] = {{name, tw_slice_str(COMPANY("6", "\"DELTA\""))}, {"alt.csv", {"", 0}}, {"add.csv", {"", 0}}};
	cr_assert_eq(tw_ofac_csv_load(stage, files, &err), TW_OK);
	uint32_t measures = tw_list_stage_entry_at(stage, 0)->measures;
	fixture_stage_free(stage);
	stage = fixture_stage("ofac-sdn");
	return measures;
}

Test(ofac_csv, the_sdn_list_freezes_assets_and_the_other_lists_state_no_measure)
{
	cr_expect_eq(measures_from("lists/ofac/sdn.csv"), (uint32_t)TW_MEASURE_ASSET_FREEZE);
	cr_expect_eq(measures_from("lists/ofac/cons_prim.csv"), 0u);
}

Test(ofac_csv, a_remark_of_full_width_without_a_full_stop_was_cut)
{
	char remarks[1001] = "Passport 1234567; ";
	memset(remarks + 18, 'x', 1000 - 18);
	memcpy(remarks + 980, "; Passport 765432109", 20);
	remarks[1000] = '\0';
	uint32_t entry;
	cr_assert(tw_list_stage_entry(stage, tw_slice_str("7"), TW_ENTRY_PERSON, 1, &entry));
	cr_assert(tw_ofac_remarks(stage, entry, tw_slice_str(remarks)));
	cr_expect_eq(stage->report.identifiers, 1u);
	cr_expect_eq(stage->report.cut_remarks, 1u);
	remarks[999] = '.';
	cr_assert(tw_ofac_remarks(stage, entry, tw_slice_str(remarks)));
	cr_expect_eq(stage->report.identifiers, 3u);
	cr_expect_eq(stage->report.cut_remarks, 1u);
}

Test(ofac_csv, orphans_are_counted_and_not_believed)
{
	cr_assert_eq(load(COMPANY("36", "\"ALPHA\""), "37,1,\"aka\",\"X\",-0- \r\n36,2,\"aka\",-0- ,-0- \r\n", "38,1,-0- ,-0- ,\"Nowhere\",-0- \r\n"),
	             TW_OK);
	cr_expect_eq(stage->report.orphans, 2u);
	cr_expect_eq(stage->report.blank_names, 1u);
	cr_expect_eq(stage->report.names, 1u);
	cr_expect_eq(stage->report.addresses, 0u);
	cr_expect_eq(stage->countries.count, 0u);
}

Test(ofac_csv, aliases_of_an_empty_list_are_orphans)
{
	cr_assert_eq(load("", "37,1,\"aka\",\"X\",-0- \r\n", ""), TW_OK);
	cr_expect_eq(stage->report.orphans, 1u);
}

Test(ofac_csv, a_type_that_nobody_knows_is_counted_apart)
{
	cr_assert_eq(load(SDN("1", "\"ALPHA\"", "\"satellite\"", "\"T\"", NUL, NUL, NUL), "", ""), TW_OK);
	cr_expect_eq(stage->report.others, 1u);
}

Test(ofac_csv, a_row_with_a_column_too_few_refuses_the_list)
{
	expect_refusal(load(COMPANY("36", "\"ALPHA\"") "37,\"BETA\",-0- \r\n", "", ""), TW_E_SYNTAX, "sdn.csv:2",
	               "a row with the wrong number of columns");
}

Test(ofac_csv, an_alias_row_with_a_column_too_many_refuses_the_list)
{
	expect_refusal(load(COMPANY("36", "\"ALPHA\""), "36,1,\"aka\",\"X\",-0- ,-0- \r\n", ""), TW_E_SYNTAX, "alt.csv:1",
	               "a row with the wrong number of columns");
}

Test(ofac_csv, an_address_row_cut_in_the_middle_refuses_the_list)
{
	expect_refusal(load(COMPANY("36", "\"ALPHA\""), "", "36,1,-0- ,-0- ,\"Nowhere\",-0- \r\n36,2,-0- ,\"Alph"), TW_E_SYNTAX, "add.csv:2",
	               "a quoted field that never closes");
}

Test(ofac_csv, an_entity_number_that_is_none_refuses_the_list)
{
	expect_refusal(load(COMPANY("3x", "\"ALPHA\""), "", ""), TW_E_SYNTAX, "sdn.csv:1", "not an entity number");
	cr_expect_str_eq(err.detail, "\"3x\"");
}

Test(ofac_csv, an_alias_of_no_entity_number_refuses_the_list)
{
	expect_refusal(load(COMPANY("36", "\"ALPHA\""), "-0- ,1,\"aka\",\"X\",-0- \r\n", ""), TW_E_SYNTAX, "alt.csv:1", "not an entity number");
}

Test(ofac_csv, a_number_past_any_range_refuses_the_list)
{
	expect_refusal(load(COMPANY("1234567890123456789", "\"ALPHA\""), "", ""), TW_E_SYNTAX, "sdn.csv:1", "not an entity number");
}

Test(ofac_csv, an_entry_without_a_name_refuses_the_list)
{
	expect_refusal(load(COMPANY("36", NUL), "", ""), TW_E_MISSING, "sdn.csv:1", "an entry without a name");
}
