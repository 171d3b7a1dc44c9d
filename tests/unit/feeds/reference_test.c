/**
 * @file reference_test.c
 * feeds/reference: the shipped tables, and refusal of broken ones.
 */
#include "feeds/reference.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/text.h"

#define S(text)    tw_slice_str(text)
#define CODE(text) tw_country_code(tw_slice_str(text))

static struct tw_reference *shipped(void)
{
	struct tw_reference *reference = NULL;
	struct tw_error err = {.what = ""};
	cr_assert_eq(tw_reference_load("feeds/reference", &reference, &err), TW_OK, "%s %s %s", err.what, err.where, err.detail);
	return reference;
}

Test(reference, knows_countries_and_the_codes_left_to_users)
{
	struct tw_reference *reference = shipped();
	static const char *const known[] = {"BE", "ZA", "XK", "QZ", "XB", "AA", "ZZ"}, *const unknown[] = {"QL", "ZX", "EZ", "AN", "ZR", "DD", "IP"};
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		cr_assert(tw_reference_country(reference, CODE(known[i])), "%s", known[i]);
	}
	for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++) {
		cr_assert_not(tw_reference_country(reference, CODE(unknown[i])), "%s", unknown[i]);
	}
	cr_assert_not(tw_reference_country(reference, 0));
	cr_assert_not(tw_reference_country(reference, 'X' << 8 | 1), "half a user-assigned code");
	cr_assert(tw_slice_is(tw_reference_country_name(reference, CODE("BE")), "Belgium"));
	cr_assert(tw_slice_is(tw_reference_country_name(reference, CODE("XB")), ""));
	tw_reference_free(reference);
}

Test(reference, finds_countries_by_the_names_that_list_issuers_use)
{
	struct tw_reference *reference = shipped();
	static const char *const names[][2] = {{"Democratic Republic of the Congo", "CD"},
	                                       {"Iran (Islamic Republic of)", "IR"},
	                                       {"Burma", "MM"},
	                                       {"Korea, North", "KP"},
	                                       {"SYRIA", "SY"},
	                                       {"Côte d'Ivoire", "CI"},
	                                       {"Man, Isle of", "IM"},
	                                       {"Region: West Bank", "PS"},
	                                       {"Pakistani", "PK"},
	                                       {"Iraqi", "IQ"},
	                                       {"British", "GB"},
	                                       {"north korean", "KP"},
	                                       {"usa", "US"}};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		cr_assert_eq(tw_reference_country_named(reference, S(names[i][0])), CODE(names[i][1]), "%s", names[i][0]);
	}
	cr_assert_eq(tw_reference_country_named(reference, S("Ruritania")), 0);
	cr_assert_eq(tw_reference_country_named(reference, S("Congo")), 0, "two countries: CD and CG");
	cr_assert_eq(tw_reference_country_named(reference, S("Congolese")), 0, "and so are their citizens");
	cr_assert_eq(tw_reference_country_named(reference, S("Dominican")), 0, "two countries: DM and DO");
	cr_assert_eq(tw_reference_country_named(reference, S("")), 0);
	tw_reference_free(reference);
}

Test(reference, has_borders_in_both_directions)
{
	struct tw_reference *reference = shipped();
	cr_assert(tw_reference_borders(reference, CODE("AF"), CODE("PK")));
	cr_assert_not(tw_reference_borders(reference, CODE("AF"), CODE("IN")));
	cr_assert_not(tw_reference_borders(reference, CODE("AF"), CODE("AF")));
	cr_assert_not(tw_reference_borders(reference, 0, CODE("AF")));
	for (uint32_t i = 0; i < 26 * 26; i++) {
		for (uint32_t k = 0; k < 26 * 26; k++) {
			uint16_t a = (uint16_t)(('A' + i / 26) << 8 | ('A' + i % 26)), b = (uint16_t)(('A' + k / 26) << 8 | ('A' + k % 26));
			cr_assert_eq(tw_reference_borders(reference, a, b), tw_reference_borders(reference, b, a));
		}
	}
	tw_reference_free(reference);
}

Test(reference, names_the_neighbours_that_it_has_borders_with)
{
	struct tw_reference *reference = shipped();
	uint16_t all[64], few[2] = {0};
	uint32_t count = tw_reference_neighbours(reference, CODE("CN"), all, 64), met = 0;
	cr_assert_gt(count, 10);
	for (uint32_t k = 0; k < 26 * 26; k++) {
		uint16_t code = (uint16_t)(('A' + k / 26) << 8 | ('A' + k % 26));
		if (tw_reference_borders(reference, CODE("CN"), code)) {
			cr_assert_eq(all[met++], code);
		}
	}
	cr_assert_eq(met, count);
	cr_assert_eq(tw_reference_neighbours(reference, CODE("CN"), few, 1), count);
	cr_assert(few[0] == all[0] && few[1] == 0, "no more than there is room for");
	cr_assert_eq(tw_reference_neighbours(reference, CODE("IS"), all, 64), 0);
	cr_assert_eq(tw_reference_neighbours(reference, 0, all, 64), 0);
	tw_reference_free(reference);
}

Test(reference, knows_places_in_any_case_with_or_without_the_space)
{
	struct tw_reference *reference = shipped();
	cr_assert(tw_reference_place(reference, S("BEANR")));
	cr_assert(tw_reference_place(reference, S("be anr")));
	cr_assert(tw_reference_place(reference, S("XALOA")), "a place of a user-assigned country");
	cr_assert_not(tw_reference_place(reference, S("BEZZZ")));
	cr_assert_not(tw_reference_place(reference, S("BEAN")));
	cr_assert_not(tw_reference_place(reference, S("BEANRX")));
	cr_assert_not(tw_reference_place(reference, S("BE-NR")));
	cr_assert_not(tw_reference_place(reference, S("")));
	cr_assert(tw_slice_is(tw_reference_place_name(reference, S("NLRTM")), "Rotterdam"));
	cr_assert(tw_slice_is(tw_reference_place_name(reference, S("NLZZZ")), ""));
	cr_assert(tw_slice_is(tw_reference_place_name(reference, S("CNXMH")), "Haicang, Xiamen"), "a name with a comma");
	tw_reference_free(reference);
}

Test(reference, knows_how_codes_of_goods_begin)
{
	struct tw_reference *reference = shipped();
	cr_assert(tw_reference_hs_begins(reference, S("93")));
	cr_assert(tw_reference_hs_begins(reference, S("930")));
	cr_assert(tw_reference_hs_begins(reference, S("93.01 2")));
	cr_assert(tw_reference_hs_begins(reference, S("9301200010")), "what follows the sixth is national");
	cr_assert_not(tw_reference_hs_begins(reference, S("77")), "reserved");
	cr_assert_not(tw_reference_hs_begins(reference, S("939")));
	cr_assert_not(tw_reference_hs_begins(reference, S("9308")));
	cr_assert_not(tw_reference_hs_begins(reference, S("9301990010")));
	cr_assert_not(tw_reference_hs_begins(reference, S("9")), "no chapter");
	cr_assert_not(tw_reference_hs_begins(reference, S("")));
	cr_assert_not(tw_reference_hs_begins(reference, S("93A1")));
	tw_reference_free(reference);
}

Test(reference, knows_goods_by_their_first_six_or_four_digits)
{
	struct tw_reference *reference = shipped();
	cr_assert(tw_reference_hs(reference, S("9301.20")));
	cr_assert(tw_reference_hs(reference, S("93 01 20 00 10")));
	cr_assert(tw_reference_hs(reference, S("9301")));
	cr_assert(tw_reference_hs(reference, S("93012")), "five digits: the heading decides");
	cr_assert_not(tw_reference_hs(reference, S("9399")));
	cr_assert_not(tw_reference_hs(reference, S("930199")));
	cr_assert_not(tw_reference_hs(reference, S("930")));
	cr_assert_not(tw_reference_hs(reference, S("93A1")));
	cr_assert_not(tw_reference_hs(reference, S("93012000101")));
	cr_assert_gt(tw_reference_hs_text(reference, S("930120")).len, 0);
	tw_reference_free(reference);
}

Test(reference, knows_the_owners_of_containers)
{
	struct tw_reference *reference = shipped();
	cr_assert(tw_reference_owner(reference, S("MSCU1234566")));
	cr_assert_not(tw_reference_owner(reference, S("QQQU1234566")));
	cr_assert_not(tw_reference_owner(reference, S("12")));
	cr_assert_not(tw_reference_owner(reference, S("1SCU1234566")));
	tw_reference_free(reference);
}

static const char *const tables[][2] = {{"countries.csv", "code,alpha3,name,names\nBE,BEL,Belgium,Belgique|Belgien\nNL,NLD,Netherlands,\n"},
                                        {"borders.csv", "a,b\nBE,NL\n"},
                                        {"unlocode.csv", "code,name,function\nNLRTM,Rotterdam,1\nBEANR,Antwerpen,1\nXALOA,Somewhere,1\n"},
                                        {"hs2022.csv", "code,description\n93,Arms\n9301,Military weapons\n"},
                                        {"bic.csv", "code,owner,country\nMSC,Owner,BE\n"}};
#define TABLES (sizeof(tables) / sizeof(tables[0]))

/* A folder of small tables: `file` has another text, or is not there when that is NULL. */
static enum tw_code load_with(const char *file, const char *text, struct tw_reference **out, struct tw_error *err)
{
	char folder[] = "/tmp/tw-reference-XXXXXX", path[128];
	cr_assert_not_null(mkdtemp(folder));
	for (size_t i = 0; i < TABLES; i++) {
		const char *content = strcmp(tables[i][0], file) == 0 ? text : tables[i][1];
		snprintf(path, sizeof(path), "%s/%s", folder, tables[i][0]);
		FILE *table = content ? fopen(path, "w") : NULL;
		if (table) {
			fputs(content, table);
			fclose(table);
		}
	}
	enum tw_code code = tw_reference_load(folder, out, err);
	for (size_t i = 0; i < TABLES; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, tables[i][0]);
		unlink(path);
	}
	rmdir(folder);
	return code;
}

static struct tw_reference *small(const char *file, const char *text)
{
	struct tw_reference *reference = NULL;
	struct tw_error err = {.what = ""};
	cr_assert_eq(load_with(file, text, &reference, &err), TW_OK, "%s %s %s", err.what, err.where, err.detail);
	return reference;
}

Test(reference, finds_rows_of_a_table_in_any_order)
{
	struct tw_reference *reference = small("", "");
	cr_assert(tw_slice_is(tw_reference_place_name(reference, S("BEANR")), "Antwerpen"));
	cr_assert(tw_slice_is(tw_reference_place_name(reference, S("NLRTM")), "Rotterdam"));
	cr_assert(tw_slice_is(tw_reference_place_name(reference, S("XALOA")), "Somewhere"));
	cr_assert_eq(tw_reference_country_named(reference, S("BELGIEN")), CODE("BE"));
	cr_assert(tw_slice_is(tw_reference_hs_text(reference, S("9301")), "Military weapons"));
	tw_reference_free(reference);
}

Test(reference, keeps_the_texts_of_quoted_fields_after_loading)
{
	struct tw_reference *reference = small("unlocode.csv", "code,name,function\nBEANR,\"Antwerpen, \"\"Kaai\"\"\",1\nNLRTM,\"Rotterdam, W\",1\n");
	cr_assert(tw_slice_is(tw_reference_place_name(reference, S("BEANR")), "Antwerpen, \"Kaai\""));
	cr_assert(tw_slice_is(tw_reference_place_name(reference, S("NLRTM")), "Rotterdam, W"));
	tw_reference_free(reference);
}

Test(reference, has_another_digest_when_any_file_changes)
{
	static const char *const more[] = {"FR,FRA,France,\n", "BE,XA\n", "BEBRU,Brussel,1\n", "9302,Revolvers\n", "ZZZ,Other,BE\n"};
	struct tw_reference *plain = small("", ""), *again = small("", "");
	cr_assert_eq(tw_reference_digest(plain).len, 64);
	cr_assert(tw_slice_equal(tw_reference_digest(plain), tw_reference_digest(again)));
	for (size_t i = 0; i < TABLES; i++) {
		char text[512];
		snprintf(text, sizeof(text), "%s%s", tables[i][1], more[i]);
		struct tw_reference *other = small(tables[i][0], text);
		cr_assert_not(tw_slice_equal(tw_reference_digest(plain), tw_reference_digest(other)), "%s", tables[i][0]);
		tw_reference_free(other);
	}
	tw_reference_free(plain);
	tw_reference_free(again);
}

Test(reference, refuses_a_broken_row_and_says_where)
{
	static const struct {
		const char *file, *row, *what;
		unsigned line;
	} cases[] = {
	    {"countries.csv", "FRA,FRA,France,", "not a two-letter country code", 4},
	    {"countries.csv", "FR,F1A,France,", "not a three-letter country code", 4},
	    {"countries.csv", "FR,FRA,...,", "a country's name without a letter", 4},
	    {"countries.csv", "FR,FRA,France,Frankreich||Francia", "a country's name without a letter", 4},
	    {"countries.csv", "BE,BEL,Belgium,", "a country stated twice", 4},
	    {"borders.csv", "BE,BE", "a country that borders itself", 3},
	    {"borders.csv", "BE,FR", "a border of a country that countries.csv does not have", 3},
	    {"borders.csv", "BE", "a row with the wrong number of columns", 3},
	    {"unlocode.csv", "BEAN,Antwerpen,1", "not a UN/LOCODE of five capitals and digits", 5},
	    {"unlocode.csv", "BE-NR,Antwerpen,1", "not a UN/LOCODE of five capitals and digits", 5},
	    {"unlocode.csv", "bebru,Brussel,1", "not a UN/LOCODE of five capitals and digits", 5},
	    {"unlocode.csv", "12ANR,Antwerpen,1", "a place in a country that countries.csv does not have", 5},
	    {"unlocode.csv", "FRPAR,Paris,1", "a place in a country that countries.csv does not have", 5},
	    {"hs2022.csv", "93O1,Arms", "not a Harmonized System code of 2, 4 or 6 digits", 4},
	    {"hs2022.csv", "930,Arms", "not a Harmonized System code of 2, 4 or 6 digits", 4},
	    {"hs2022.csv", ",Arms", "not a Harmonized System code of 2, 4 or 6 digits", 4},
	    {"bic.csv", "MSCU,Owner,BE", "not a three-letter owner code", 3},
	    {"bic.csv", "M5C,Owner,BE", "not a three-letter owner code", 3},
	    {"bic.csv", "MSC,Other,BE", "an owner stated twice", 3},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[512], place[64];
		struct tw_reference *reference = NULL;
		struct tw_error err = {.what = ""};
		for (size_t k = 0; k < TABLES; k++) {
			if (strcmp(tables[k][0], cases[i].file) == 0) {
				snprintf(text, sizeof(text), "%s%s\n", tables[k][1], cases[i].row);
			}
		}
		snprintf(place, sizeof(place), "/%s:%u", cases[i].file, cases[i].line);
		cr_assert_neq(load_with(cases[i].file, text, &reference, &err), TW_OK, "%s", cases[i].row);
		cr_assert_null(reference);
		cr_assert_str_eq(err.what, cases[i].what, "%s", cases[i].row);
		cr_assert_not_null(strstr(err.where, place), "%s: %s", cases[i].row, err.where);
	}
}

Test(reference, refuses_what_only_the_whole_table_shows)
{
	static const char *const cases[][3] = {
	    {"countries.csv", "code,alpha3,name,names\nBE,BEL,Belgium,\nNL,NLD,Netherlands,BELGIUM\n", "two countries share a name"},
	    {"unlocode.csv", "code,name,function\nBEANR,Antwerpen,1\nNLRTM,Rotterdam,1\nBEANR,Anvers,1\n", "a place stated twice"},
	    {"hs2022.csv", "code,description\n9301,Arms\n93,Arms\n9301,Other\n", "a Harmonized System code stated twice"},
	    {"bic.csv", "code,owner\nMSC,Owner\n", "another header than expected"},
	    {"bic.csv", "code,owner,country\n", "a reference table without a row"},
	    {"bic.csv", "", "a table without a header row"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct tw_reference *reference = NULL;
		struct tw_error err = {.what = ""};
		cr_assert_neq(load_with(cases[i][0], cases[i][1], &reference, &err), TW_OK, "%s", cases[i][2]);
		cr_assert_null(reference);
		cr_assert_not_null(strstr(err.where, cases[i][0]), "%s: %s", cases[i][2], err.where);
		cr_assert_str_eq(err.what, cases[i][2]);
	}
}

Test(reference, refuses_a_folder_that_lacks_any_of_its_files)
{
	struct tw_reference *reference = NULL;
	struct tw_error err = {.what = ""};
	for (size_t i = 0; i < TABLES; i++) {
		cr_assert_eq(load_with(tables[i][0], NULL, &reference, &err), TW_E_MISSING);
		cr_assert_not_null(strstr(err.where, tables[i][0]), "%s", err.where);
	}
	cr_assert_eq(tw_reference_load("feeds/no-such-folder", &reference, &err), TW_E_MISSING);
	cr_assert_null(reference);
	tw_reference_free(NULL);
}
