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
	static const char *const known[] = {"BE", "ZA", "XK", "QZ", "XB", "AA", "ZZ"}, *const unknown[] = {"QL", "ZX", "EZ"};
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		cr_assert(tw_reference_country(reference, CODE(known[i])), "%s", known[i]);
	}
	for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++) {
		cr_assert_not(tw_reference_country(reference, CODE(unknown[i])), "%s", unknown[i]);
	}
	cr_assert_not(tw_reference_country(reference, 0));
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
	                                       {"usa", "US"}};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		cr_assert_eq(tw_reference_country_named(reference, S(names[i][0])), CODE(names[i][1]), "%s", names[i][0]);
	}
	cr_assert_eq(tw_reference_country_named(reference, S("Ruritania")), 0);
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

Test(reference, has_a_digest_over_all_files)
{
	struct tw_reference *one = shipped(), *other = shipped();
	cr_assert_eq(tw_reference_digest(one).len, 64);
	cr_assert(tw_slice_equal(tw_reference_digest(one), tw_reference_digest(other)));
	tw_reference_free(one);
	tw_reference_free(other);
}

/* A folder of five small tables, one of them replaced. */
static enum tw_code load_with(const char *file, const char *text, struct tw_error *err)
{
	static const char *const tables[][2] = {{"countries.csv", "code,alpha3,name,names\nBE,BEL,Belgium,\n"},
	                                        {"borders.csv", "a,b\nBE,NL\n"},
	                                        {"unlocode.csv", "code,name,function\nBEANR,Antwerpen,1\n"},
	                                        {"hs2022.csv", "code,description\n9301,Arms\n"},
	                                        {"bic.csv", "code,owner,country\nMSC,Owner,BE\n"}};
	char folder[] = "/tmp/tw-reference-XXXXXX", path[128];
	struct tw_reference *reference = NULL;
	cr_assert_not_null(mkdtemp(folder));
	for (size_t i = 0; i < 5; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, tables[i][0]);
		FILE *out = fopen(path, "w");
		fputs(strcmp(tables[i][0], file) == 0 ? text : tables[i][1], out);
		fclose(out);
	}
	enum tw_code code = tw_reference_load(folder, &reference, err);
	tw_reference_free(reference);
	for (size_t i = 0; i < 5; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, tables[i][0]);
		unlink(path);
	}
	rmdir(folder);
	return code;
}

Test(reference, refuses_a_broken_table_and_says_where)
{
	struct tw_error err = {.what = ""};
	cr_assert_eq(load_with("none", "", &err), TW_OK, "%s %s", err.what, err.where);
	static const char *const broken[][2] = {
	    {"countries.csv", "code,alpha3,name,names\nBEL,BEL,Belgium,\n"},
	    {"countries.csv", "code,alpha3,name,names\nBE,BEL,Belgium,\nBE,BEL,Belgium,\n"},
	    {"countries.csv", "code,alpha3,name,names\nBE,BEL,Belgium,\nNL,NLD,Belgium,\n"},
	    {"borders.csv", "a,b\nBE,BE\n"},
	    {"borders.csv", "a,b\nBE\n"},
	    {"unlocode.csv", "code,name,function\nBEAN,Antwerpen,1\n"},
	    {"unlocode.csv", "code,name,function\n12ANR,Antwerpen,1\n"},
	    {"hs2022.csv", "code,description\n93O1,Arms\n"},
	    {"bic.csv", "code,owner,country\nMSCU,Owner,BE\n"},
	    {"bic.csv", "code,owner\nMSC,Owner\n"},
	    {"bic.csv", "code,owner,country\n"},
	    {"bic.csv", ""},
	};
	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
		err = (struct tw_error){.what = ""};
		cr_assert_neq(load_with(broken[i][0], broken[i][1], &err), TW_OK, "case %zu", i);
		cr_assert_not_null(strstr(err.where, broken[i][0]), "case %zu: %s", i, err.where);
	}
	cr_assert_eq(tw_reference_load("feeds/no-such-folder", &(struct tw_reference *){NULL}, &err), TW_E_MISSING);
}
