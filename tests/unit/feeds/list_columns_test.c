/** @file list_columns_test.c  The readers of tables on small files: every trap of the real ones, every way to be refused. */
#include "tests/unit/feeds/list_fixture.h"

#define OFSI_HEAD                                                                                                                                    \
	"Last Updated,13/04/2018,,,,,,,,,,,,,,,,,,,,,,,,,,,\r\n"                                                                                     \
	"Name 6,Name 1,Name 2,Name 3,Name 4,Name 5,Title,DOB,Town of Birth,Country of Birth,Nationality,Passport Details,NI Number,Position,"        \
	"Address 1,Address 2,Address 3,Address 4,Address 5,Address 6,Post/Zip Code,Country,Other Information,Group Type,Alias Type,Regime,"          \
	"Listed On,Last Updated,Group ID\r\n"
#define OFSI(last, first, born, nation, passport, street, country, other, kind, alias, id)                                                           \
	last "," first ",,,,,," born ",,," nation "," passport ",,," street ",,,,,,," country "," other "," kind "," alias                           \
	     ",Test,01/04/2016,02/04/2016," id "\r\n"
#define BIS_HEAD                                                                                                                                     \
	"Name\tStreet_Address\tCity\tState\tCountry\tPostal_Code\tEffective_Date\tExpiration_Date\tStandard_Order\tLast_Update\tAction\tFR_"         \
	"Citation\n"
#define BIS(name, from, to) name "\t1 DOCK ROAD\tALPHAVILLE\t\tNowhere\t\t" from "\t" to "\tY\t2017-10-23\t\t82 F.R. 1\n"
#define UK_HEAD                                                                                                                                      \
	"Report Date: 13-Feb-2026\nUnique ID,Name 6,Name 1,Name 2,Name 3,Name 4,Name 5,Name type,Alias strength,Name non-latin script,"              \
	"Regime Name,Designation Type,Sanctions Imposed,IMO number,A new column\n"
#define SIMPLE_HEAD "id,schema,name,aliases,birth_date,countries,addresses,identifiers,sanctions,phones\n"
#define EU_HEAD                                                                                                                                      \
	"\xef\xbb\xbf"                                                                                                                               \
	"fileGenerationDate;Entity_LogicalId;Entity_EU_ReferenceNumber;Entity_DesignationDate;Entity_SubjectType_ClassificationCode;"                \
	"Entity_Regulation_Programme;NameAlias_WholeName;Address_City;Address_Street;Address_PoBox;Address_ZipCode;Address_Region;Address_Place;"    \
	"Address_CountryIso2Code;BirthDate_BirthDate;BirthDate_Year;BirthDate_YearRangeFrom;BirthDate_YearRangeTo;BirthDate_Circa;"                  \
	"BirthDate_CalendarType;Identification_Number;Identification_TypeCode;Identification_CountryIso2Code;Citizenship_CountryIso2Code\r\n"
#define EU(id, kind, programme, name, address, birth, number, citizenship)                                                                           \
	"05/08/2026;1;" id ";2024-02-23;" kind ";" programme ";" name ";" address ";" birth ";" number ";" citizenship "\r\n"
#define WATCH_HEAD "id,name,aliases,kind,country,birth_date,identifier,scheme,address,note\n"

static struct tw_arena arena;
static struct tw_list_stage *stage;
static struct tw_error err;

static void setup(void)
{
	tw_arena_init(&arena, 65536, 0);
	stage = fixture_stage("list");
	err = (struct tw_error){0};
}

static void teardown(void)
{
	if (stage) {
		fixture_stage_free(stage);
	}
	tw_arena_fini(&arena);
}

TestSuite(list_columns, .init = setup, .fini = teardown);

static enum tw_code load(enum tw_code (*read)(struct tw_list_stage *, const struct tw_list_file *, struct tw_error *), const char *text)
{
	return read(stage, &(struct tw_list_file){"list.csv", tw_slice_str(text)}, &err);
}

static void expect_entry(enum tw_code (*read)(struct tw_list_stage *, const struct tw_list_file *, struct tw_error *), const char *text,
                         const char *id, const char *expected)
{
	cr_assert_eq(load(read, text), TW_OK, "%s: %s: %s", err.where, err.what, err.detail);
	struct tw_list_index *index = fixture_index(&stage, 1);
	stage = NULL;
	cr_expect_str_eq(fixture_entry(index, "list", id, &arena), expected);
	tw_list_index_free(index);
}

static void expect_refusal(enum tw_code (*read)(struct tw_list_stage *, const struct tw_list_file *, struct tw_error *), const char *text,
                           enum tw_code code, const char *where, const char *what, const char *detail)
{
	enum tw_code got = load(read, text);
	cr_assert_eq(got, code, "%s instead of %s", tw_code_name(got), tw_code_name(code));
	cr_expect_str_eq(err.where, where);
	cr_expect_str_eq(err.what, what);
	cr_expect(strstr(err.detail, detail), "%s", err.detail);
	cr_expect_eq(err.disposition, TW_REJECT);
}

Test(list_columns, rows_of_one_group_are_one_entry_and_its_primary_name_comes_first)
{
	expect_entry(tw_ofsi_csv_load,
	             OFSI_HEAD OFSI("BETA", "Alfa", "00/00/1980", "1) Nowhere 2) Elsewhere", "Passport No: 592667 (Nowhere)", "1 Dock Road",
	                            "Nowhere (since 2009)", "", "Individual", "AKA", "7")
	                 OFSI("GAMMA", "", "", "", "", "", "", "IMO: 9187629. Annex", "Entity", "Prime Alias", "8")
	                     OFSI("BETA", "Alpha", "00/00/1981", "", "", "1 Dock Road", "Nowhere", "", "Individual", "Prime Alias", "7"),
	             "7", "7 person Test\nprimary: Alpha BETA\nstrong: Alfa BETA\npassport: 592667\ncountries: XA XB\n");
}

Test(list_columns, what_rows_of_one_group_repeat_is_kept_once)
{
	cr_assert_eq(load(tw_ofsi_csv_load,
	                  OFSI_HEAD OFSI("BETA", "A", "00/00/1980", "Nowhere", "592667", "1 Dock Road", "Nowhere", "", "Individual", "AKA", "7")
	                      OFSI("BETA", "A", "00/00/1981", "Nowhere", "592667", "1 Dock Road", "Nowhere", "", "Individual", "AKA", "7")),
	             TW_OK);
	cr_expect_eq(stage->report.persons, 1u);
	cr_expect_eq(stage->report.names, 1u);
	cr_expect_eq(stage->report.identifiers, 1u);
	cr_expect_eq(stage->report.addresses, 1u);
	cr_expect_eq(stage->births.count, 2u);
	cr_expect(tw_slice_is(stage->report.date, "13/04/2018"));
	const struct tw_stage_entry *entry = tw_list_stage_entry_at(stage, 0);
	cr_expect_eq(entry->measures, (uint32_t)TW_MEASURE_ASSET_FREEZE);
	cr_expect(entry->listed_on.year == 2016 && entry->listed_on.month == 4 && entry->listed_on.day == 1);
}

Test(list_columns, values_that_are_numbered_by_letters_are_taken_apart)
{
	cr_assert_eq(load(tw_ofsi_csv_load, OFSI_HEAD OFSI("BETA", "A", "00/00/1980", "a) Nowhere b) Elsewhere", "a) 592667 b) 592668",
	                                                   "1 Dock Road", "Nowhere", "", "Individual", "AKA", "7")),
	             TW_OK);
	cr_expect_eq(stage->identifiers.count, 2u);
	cr_expect_eq(stage->countries.count, 3u);
}

Test(list_columns, an_entry_without_a_primary_name_has_its_first_one)
{
	expect_entry(tw_ofsi_csv_load, OFSI_HEAD OFSI("BETA", "", "", "", "", "", "", "(IMO number: 9187629)", "Entity", "FKA", "8"), "8",
	             "8 organisation Test\nprimary: BETA\nimo: 9187629\ncountries:\n");
}

Test(list_columns, ofsis_36_columns_have_scripts_qualities_and_numbers_apart_from_their_details)
{
	expect_entry(
	    tw_ofsi_csv_load,
	    "Last Updated,03/06/2026\nName 6,Name 1,Name 2,Name 3,Name 4,Name 5,Title,Name Non-Latin Script,Non-Latin Script Type,Non-Latin Script "
	    "Language,DOB,Town of Birth,Country of Birth,Nationality,Passport Number,Passport Details,National Identification Number,National "
	    "Identification Details,Position,Address 1,Address 2,Address 3,Address 4,Address 5,Address 6,Post/Zip Code,Country,Other "
	    "Information,Group Type,Alias Type,Alias Quality,Regime,Listed On,UK Sanctions List Date Designated,Last Updated,Group ID\n"
	    "BETA,Alpha,,,,,,Альфа БЕТА,,,00/00/1980,,,Nowhere,592667,Issued in 2011,778899,,,,,,,,,,,,Individual,Primary name,,Test,01/04/2023,,,7\n"
	    "BETTA,,,,,,,,,,,,,,,,,,,,,,,,,,,,Individual,AKA,Low,Test,01/04/2023,,,7\n",
	    "7", "7 person Test\nprimary: Alpha BETA\nscript: Альфа БЕТА\nweak: BETTA\npassport: 592667\nnational_id: 778899\ncountries: XA\n");
}

Test(list_columns, ofsis_36_columns_are_refused_when_one_is_missing)
{
	expect_refusal(tw_ofsi_csv_load, "Last Updated,03/06/2026\nName 6,Name Non-Latin Script,Group ID\n", TW_E_MISSING, "list.csv:2",
	               "a column that is not there", "Name 1");
}

Test(list_columns, windows_1252_becomes_utf_8)
{
	expect_entry(tw_ofsi_csv_load, OFSI_HEAD OFSI("B\xc9TA\x92S \x80", "", "", "", "", "", "", "", "Entity", "Prime Alias", "8"), "8",
	             "8 organisation Test\nprimary: BÉTA’S €\ncountries:\n");
}

Test(list_columns, a_utf_8_mark_says_that_a_file_is_not_windows_1252)
{
	expect_entry(tw_ofsi_csv_load, "\xef\xbb\xbf" OFSI_HEAD OFSI("BÉTA", "", "", "", "", "", "", "", "Entity", "Prime Alias", "8"), "8",
	             "8 organisation Test\nprimary: BÉTA\ncountries:\n");
}

Test(list_columns, rows_without_an_id_or_a_name_are_passed_over_with_their_line)
{
	cr_assert_eq(load(tw_ofsi_csv_load, OFSI_HEAD OFSI("BETA", "", "", "", "", "", "", "", "Entity", "Prime Alias", "")
	                                        OFSI(" ", "", "", "", "", "", "", "", "Entity", "Prime Alias", "9")
	                                            OFSI("GAMMA", "", "31/31/1980", "", "", "", "", "", "Entity", "Prime Alias", "8")),
	             TW_OK);
	cr_assert_eq(stage->report.skip_count, 3u);
	cr_expect_str_eq(stage->report.skip[0].reason, "a row without an id");
	cr_expect_eq(stage->report.skip[0].first_line, 3u);
	cr_expect(stage->report.skip[0].unread);
	cr_expect_str_eq(stage->report.skip[1].reason, "an entry's first row without a name");
	cr_expect_eq(stage->report.skip[1].first_line, 4u);
	cr_expect_str_eq(stage->report.skip[2].reason, "a birth that is no date");
	cr_expect_not(stage->report.skip[2].unread);
	cr_expect_eq(stage->entries.count, 1u);
}

Test(list_columns, a_byte_that_windows_1252_does_not_have_is_refused)
{
	expect_refusal(tw_ofsi_csv_load, OFSI_HEAD OFSI("B\x81", "", "", "", "", "", "", "", "Entity", "AKA", "8"), TW_E_SYNTAX, "list.csv:3",
	               "a byte that is no Windows-1252", "byte");
}

Test(list_columns, a_row_of_another_width_is_refused)
{
	cr_expect_eq(load(tw_ofsi_csv_load, OFSI_HEAD "BETA,\r\n"), TW_E_SYNTAX);
	cr_expect_str_eq(err.where, "list.csv:3");
}

Test(list_columns, a_cut_file_is_refused)
{
	cr_expect_eq(load(tw_bis_dpl_load, BIS_HEAD "\"ALPHA\t1 DOCK"), TW_E_SYNTAX);
	cr_expect_str_eq(err.where, "list.csv:2");
}

Test(list_columns, an_empty_file_is_refused)
{
	static enum tw_code (*const readers[])(struct tw_list_stage *, const struct tw_list_file *, struct tw_error *) = {
	    tw_ofsi_csv_load, tw_bis_dpl_load, tw_uk_csv_load, tw_opensanctions_csv_load, tw_eu_csv_load, tw_watch_csv_load};
	for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++) {
		cr_expect_eq(load(readers[i], ""), TW_E_MISSING);
		cr_expect_str_eq(err.what, "a column that is not there");
	}
}

Test(list_columns, a_column_that_is_missing_unknown_or_there_twice_is_refused_by_name)
{
	expect_refusal(tw_watch_csv_load, "id,kind\n", TW_E_MISSING, "list.csv:1", "a column that is not there", "name");
	expect_refusal(tw_watch_csv_load, "id,name,kind,colour\n", TW_E_SYNTAX, "list.csv:1", "a column nobody knows", "colour");
	expect_refusal(tw_watch_csv_load, "id,name,kind,id\n", TW_E_SYNTAX, "list.csv:1", "a column that stands twice", "id");
}

Test(list_columns, a_row_of_the_eu_states_one_part_of_its_entry)
{
	cr_assert_eq(load(tw_eu_csv_load,
	                  EU_HEAD EU("EU.1.2", "person", "TEST", "Альфа Бета", ";;;;;;", ";;;;;", ";;", "")
	                      EU("EU.1.2", "person", "TEST", "Alpha Beta", ";;;;;;", ";;;;;", ";;", "")
	                          EU("EU.1.2", "person", "OTHER", "\"Beta; Alpha\"", ";;;;;;", ";;;;;", ";;", "")
	                              EU("EU.1.2", "person", "TEST", "Alpha Beta", "Alphaville;1 Dock Road;;X1;;;XA", ";;;;;", ";;", "")
	                                  EU("EU.1.2", "person", "TEST", "", ";;;;;;", "1970-02-03;1970;;;false;GREGORIAN", ";;", "")
	                                      EU("EU.1.2", "person", "TEST", "", ";;;;;;", ";1971;;;true;GREGORIAN", ";;", "")
	                                          EU("EU.1.2", "person", "TEST", "", ";;;;;;", ";;1955;1958;false;GREGORIAN", ";;", "")
	                                              EU("EU.1.2", "person", "TEST", "", ";;;;;;", ";1350;;;false;ISLAMIC", ";;", "")
	                                                  EU("EU.1.2", "person", "TEST", "", ";;;;;;", ";;;;;", "A-1, 2;passport;XB", "XB")
	                                                      EU("EU.1.2", "person", "TEST", "", ";;;;;;", ";;;;;", "77;other;XB", "")
	                                                          EU("EU.1.2", "person", "TEST", "", ";;;;;;", ";;;;;", "78;none;XB", "")),
	             TW_OK, "%s %s %s", err.where, err.what, err.detail);
	cr_expect(tw_slice_is(stage->report.date, "05/08/2026"));
	cr_expect_eq(stage->report.blank_names, 0u);
	cr_assert_eq(stage->births.count, 4u);
	const struct tw_stage_birth *births = stage->births.data;
	cr_expect(births[0].date.year == 1970 && births[0].date.day == 3 && !births[0].date.circa);
	cr_expect(births[1].date.year == 1971 && births[1].date.circa);
	cr_expect(births[2].date.year == 1955 && births[3].date.year == 1958 && births[3].date.circa);
	cr_assert_eq(stage->report.skip_count, 2u);
	cr_expect_str_eq(stage->report.skip[0].reason, "a birth of another calendar");
	cr_expect_eq(stage->report.skip[0].first_line, 9u);
	cr_expect_str_eq(stage->report.skip[1].reason, "an identification of a kind that nothing is screened by");
	cr_expect_eq(tw_list_stage_entry_at(stage, 0)->listed_on.day, 23);
	struct tw_list_index *index = fixture_index(&stage, 1);
	stage = NULL;
	cr_expect_str_eq(fixture_entry(index, "list", "EU.1.2", &arena),
	                 "EU.1.2 person TEST; OTHER\nprimary: Alpha Beta\nscript: Альфа Бета\n"
	                 "strong: Beta; Alpha\npassport: A-1, 2 XB\nnational_id: 77 XB\ncountries: XA XB\n");
	tw_list_index_free(index);
}

Test(list_columns, a_vessel_company_of_the_eu_has_its_imo_number)
{
	expect_entry(tw_eu_csv_load, EU_HEAD EU("EU.3.4", "enterprise", "TEST", "Gamma Lines", ";;;;;;", ";;;;;", "9187629;imo;", ""), "EU.3.4",
	             "EU.3.4 organisation TEST\nprimary: Gamma Lines\nimo: 9187629\ncountries:\n");
}

Test(list_columns, a_denial_order_has_a_stable_id_and_an_end)
{
	cr_assert_eq(load(tw_bis_dpl_load, BIS_HEAD BIS("\" ALPHA\"", "10/16/2017", "10/13/2020") BIS("BETA", "10/16/2017", "")
	                                       BIS("ALPHA", "10/16/2017", "10/13/2021") BIS("ALPHA", "10/17/2017", "")),
	             TW_OK, "%s %s", err.what, err.detail);
	cr_assert_eq(stage->entries.count, 3u); /* the same name, date and address twice is one */
	const struct tw_stage_entry *entry = tw_list_stage_entry_at(stage, 0);
	cr_expect_eq(entry->id.len, 20u);
	cr_expect_eq(memcmp(entry->id.ptr, "dpl-", 4), 0);
	cr_expect_eq(entry->measures, (uint32_t)TW_MEASURE_EXPORT_DENIAL);
	cr_expect(entry->listed_on.month == 10 && entry->listed_on.day == 16);
	cr_expect(entry->removed_on.year == 2021 && entry->removed_on.month == 10 && entry->removed_on.day == 13);
	cr_expect_eq(tw_list_stage_entry_at(stage, 1)->removed_on.year, 0u);
}

Test(list_columns, a_uk_row_states_quality_script_measures_and_imo)
{
	cr_assert_eq(load(tw_uk_csv_load, UK_HEAD "X1,ALPHA,,,,,,Alias,Low quality,,Test,Ship,Asset freeze|Prohibition of port entry,9187629,x\n"
	                                          "X1,BETA,,,,,,Primary Name,,Βήτα,Test,Ship,Asset freeze|Travel Ban,,\n"),
	             TW_OK, "%s %s", err.what, err.detail);
	cr_expect_eq(tw_list_stage_entry_at(stage, 0)->measures, (uint32_t)(TW_MEASURE_ASSET_FREEZE | TW_MEASURE_TRAVEL_BAN | TW_MEASURE_SHIPPING));
	cr_expect(tw_slice_is(stage->report.date, "13-Feb-2026"));
	struct tw_list_index *index = fixture_index(&stage, 1);
	stage = NULL;
	cr_expect_str_eq(fixture_entry(index, "list", "X1", &arena),
	                 "X1 vessel Test\nprimary: BETA\nweak: ALPHA\nscript: Βήτα\nimo: 9187629\ncountries:\n");
	tw_list_index_free(index);
}

Test(list_columns, a_field_of_several_values_is_taken_apart)
{
	expect_entry(tw_opensanctions_csv_load,
	             SIMPLE_HEAD "NK-1,Vessel,ALPHA,\"ALFA;ALPHA I; \",,Nowhere;Elsewhere,1 Dock Road;2 Dock Road,IMO9187629;X-1,Test,\n", "NK-1",
	             "NK-1 vessel Test\nprimary: ALPHA\nstrong: ALFA\nstrong: ALPHA I\nimo: 9187629\nidentifier: X-1\ncountries: XA XB\n");
}

Test(list_columns, parts_of_a_birth_that_are_not_known_are_left_out)
{
	cr_assert_eq(load(tw_ofsi_csv_load, OFSI_HEAD OFSI("BETA", "A", "dd/mm/1975", "", "", "", "", "", "Individual", "AKA", "7")
	                                        OFSI("BETA", "A", "00/00/1976", "", "", "", "", "", "Individual", "AKA", "7")
	                                            OFSI("BETA", "A", "dd/05/1977", "", "", "", "", "", "Individual", "AKA", "7")),
	             TW_OK);
	const struct tw_stage_birth *births = stage->births.data;
	cr_assert_eq(stage->births.count, 3u);
	cr_expect(births[0].date.year == 1975 && births[0].date.month == 0 && births[0].date.day == 0);
	cr_expect(births[1].date.year == 1976 && births[1].date.month == 0);
	cr_expect(births[2].date.year == 1977 && births[2].date.month == 5 && births[2].date.day == 0);
	cr_expect_eq(stage->report.skip_count, 0u);
}

static uint32_t hits(const struct tw_list_index *index, const char *scheme, const char *value)
{
	struct tw_matches matches;
	cr_assert_eq(tw_list_index_identify(index, tw_slice_str(scheme), tw_slice_str(value), &arena, &matches, &err), TW_OK);
	return matches.count;
}

Test(list_columns, a_number_without_a_scheme_is_met_by_every_scheme_that_stands_alone)
{
	cr_assert_eq(load(tw_watch_csv_load, WATCH_HEAD "W-1,Alpha,,organisation,,,AB-1234,,,\nW-1,Alpha,,organisation,,,AB 1234,tax,,\n"
	                                                "W-2,Beta,,organisation,,,AB1234,,,\nW-3,Gamma,,organisation,,,AB1234,registration,,\n"),
	             TW_OK, "%s", err.what);
	struct tw_list_index *index = fixture_index(&stage, 1);
	stage = NULL;
	cr_expect_eq(hits(index, "tax", "AB1234"), 2u, "W-1 once, W-2");
	cr_expect_eq(hits(index, "registration", "ab 1234"), 3u);
	cr_expect_eq(hits(index, "identifier", "AB1234"), 2u);
	cr_expect_eq(hits(index, "mmsi", "AB1234"), 0u);
	cr_expect_eq(hits(index, "shoe", "AB1234"), 0u);
	tw_list_index_free(index);
}

Test(list_columns, the_centres_own_list_joins_rows_of_one_id)
{
	expect_entry(tw_watch_csv_load,
	             WATCH_HEAD "W-1,Alpha Lines,Alfa;Alpha Co,organisation,Nowhere,,AB123,registration,1 Dock Road,seen twice\n"
	                        "W-1,Alpha Lines,,organisation,,,77001,tax,,\n",
	             "W-1",
	             "W-1 organisation \nprimary: Alpha Lines\nstrong: Alfa\nstrong: Alpha Co\nregistration: AB123\ntax: 77001\ncountries: XA\n");
}

Test(list_columns, a_word_that_nobody_knows_is_refused_in_the_centres_own_list)
{
	expect_refusal(tw_watch_csv_load, WATCH_HEAD "W-1,Alpha,,firm,,,,,,\n", TW_E_SYNTAX, "list.csv:2", "a kind nobody knows", "firm");
	expect_refusal(tw_watch_csv_load, WATCH_HEAD "W-1,Alpha,,person,,,A1234,shoe,,\n", TW_E_SYNTAX, "list.csv:2",
	               "an identifier scheme nobody knows", "shoe");
	expect_refusal(tw_watch_csv_load, WATCH_HEAD "W-1,Alpha,,person,,,,,,\nW-2,Lind\xe9n,,person,,,,,,\n", TW_E_SYNTAX, "list.csv:3",
	               "not UTF-8: save the file as UTF-8", "Lind\xe9n");
}
