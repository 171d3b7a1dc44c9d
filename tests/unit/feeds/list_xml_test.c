/**
 * @file list_xml_test.c
 * The XML reader on whole real files: counts that were taken with another parser (Python's ElementTree), and entries with everything that
 * their issuer says of them, which were written out by that parser too. Files that are not shipped are read where $TW_DATA is.
 */
#include "tests/unit/feeds/xml_suite.h"

TestSuite(list_xml, .init = setup, .fini = teardown);

static void load_file(xml_loader *load, const char *path)
{
	struct tw_error err = {0};
	struct tw_slice bytes = fixture_read(path);
	cr_assert_eq(load(stage, &(struct tw_list_file){path, bytes}, &err), TW_OK, "%s %s %s", err.where, err.what, err.detail);
	free((void *)(uintptr_t)bytes.ptr);
}

static void load_data(xml_loader *load, const char *name)
{
	load_file(load, fixture_data(name, &arena));
}

static uint32_t with_measures(uint32_t measure)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < stage->entries.count; i++) {
		count += (tw_list_stage_entry_at(stage, i)->measures & measure) != 0;
	}
	return count;
}

Test(list_xml, births_addresses_and_measures_of_the_un_list_of_2026)
{
	stage->country_named = NULL; /* the fixture knows two */
	load_file(tw_un_xml_load, SAMPLE_UN);
	cr_expect_eq(stage->births.count, 923u, "%u births", stage->births.count);
	cr_expect_eq(stage->addresses.count, 743u, "%u addresses", stage->addresses.count);
	xml_expect_skip(stage, "an address of a note alone", 68, stage->report.skip[0].first_line, false);
	cr_expect_eq(stage->report.skip_count, 2u);
	cr_expect_eq(stage->report.skip[1].count, 3u, "%u births are no date", stage->report.skip[1].count);
	cr_expect_eq(with_measures(TW_MEASURE_ARMS_EMBARGO), 481u);
	cr_expect_eq(with_measures(TW_MEASURE_TRAVEL_BAN), 252u + 135u);
	for (uint32_t i = 0; i < stage->entries.count; i++) {
		cr_expect_neq(tw_list_stage_entry_at(stage, i)->listed_on.day, 0);
	}
}

Test(list_xml, births_and_addresses_of_the_un_list_of_2020_where_it_is_there)
{
	load_data(tw_un_xml_load, "un/UN_consolidated_2020.xml");
	cr_expect_eq(stage->births.count, 913u, "%u births", stage->births.count);
	cr_expect_eq(stage->addresses.count, 767u, "%u addresses", stage->addresses.count);
	cr_expect_eq(with_measures(TW_MEASURE_ASSET_FREEZE), 491u);
}

Test(list_xml, the_non_sdn_list_of_ofac_of_2020_is_read_whole_where_it_is_there)
{
	stage->country_named = NULL; /* the fixture knows two */
	load_data(tw_ofac_xml_load, "ofac/consolidated_2020-12-14.xml");
	cr_expect_eq(stage->report.persons, 82u);
	cr_expect_eq(stage->report.organisations, 294u);
	cr_expect_eq(stage->report.vessels + stage->report.aircraft + stage->report.others, 0u);
	cr_expect_eq(stage->report.names, 1295u, "%u names", stage->report.names);
	cr_expect_eq(stage->report.identifiers, 610u, "%u identifiers", stage->report.identifiers);
	cr_expect_eq(stage->report.addresses, 408u, "%u addresses", stage->report.addresses);
	cr_expect_eq(stage->report.blank_names, 0u);
	cr_expect_eq(stage->births.count, 77u);
	cr_expect_eq(stage->links.count, 276u, "%u links", stage->links.count);
	cr_expect_eq(stage->report.skip_count, 1u);
	cr_expect_eq(stage->report.skip[0].count, 647u, "%u ids are no numbers", stage->report.skip[0].count);
	cr_expect(tw_slice_is(stage->report.date, "12/14/2020"));
}

static const struct {
	const char *id, *text;
} entries[] = {
    {"9639", "9639 person NS-PLC\n"
             "primary: HANIYA, Ismail Abdul Salah\n"
             "strong: HANIYA, Ismail\n"
             "strong: HANIYYA, Ismaeel\n"
             "countries:\n"
             "birth: 1962-00-00\n"},
    {"17015", "17015 organisation UKRAINE-EO13662\n"
              "primary: VNESHECONOMBANK\n"
              "weak: VEB\n"
              "strong: BANK RAZVITIYA I VNESHNEEKONOMICHESKOI DEYATELNOSTI (VNESHEKONOMBANK) GOSUDARSTVENNAYA KORPORATSIYA\n"
              "strong: BANK FOR DEVELOPMENT AND FOREIGN ECONOMIC AFFAIRS (VNESHECONOMBANK) STATE CORPORATION\n"
              "bik: 044525060\n"
              "bic: BFEARUMM\n"
              "countries:\n"
              "address: 9 Akademika Sakharova prospekt, Moscow, 107996 [Moscow]\n"},
    {"15268", "15268 organisation 561-Related\n"
              "primary: BANK OF KUNLUN CO LTD\n"
              "former: KARAMAY URBAN CREDIT COOPERATIVES\n"
              "former: KARAMAY CITY COMMERCIAL BANK CO LTD.\n"
              "bic: CKLBCNBJ\n"
              "countries:\n"
              "address: 172 Xibin Rd, Ranghulu District, (Daqing, Heilongjiang Branch), Daqing, 163453 [Daqing]\n"
              "address: 9 Dongzhimen North Street, Dongcheng District, (Head Office), Beijing, 100007 [Beijing]\n"
              "address: No. 7 Century Ave, (Registered Office), Xinjiang, Karamay, 834000 [Xinjiang]\n"
              "address: No. 68 Zhongya South Rd, Economic and Technological Development Zone, (Urumqi, Xinjiang Branch), Urumqi, 830026 [Urumqi]\n"},
    {"17526", "17526 person SYRIA; FSE-SY\n"
              "primary: BEKTAS, Halis\n"
              "passport: X0906223 CH\n"
              "countries: CH\n"
              "birth: 1966-02-13\n"},
    {"17013", "17013 organisation UKRAINE-EO13662\n"
              "primary: VTB BANK OAO\n"
              "strong: JSC VTB BANK\n"
              "strong: BANK VTB, OPEN JOINT-STOCK COMPANY\n"
              "former: VNESHTORGBANK\n"
              "former: BANK VNESHNEY TORGOVLI, OPEN JOINT-STOCK COMPANY\n"
              "former: BANK VNESHNEY TORGOVLI, JOINT-STOCK COMPANY\n"
              "former: BANK VNESHNEY TORGOVLI RSFSR\n"
              "former: BANK VNESHNEY TORGOVLI ROSSIYSKOY FEDERATSII, CLOSED JOINT-STOCK COMPANY\n"
              "former: VNESHTORGBANK ROSSII, CLOSED JOINT-STOCK COMPANY\n"
              "strong: VTB BANK, OPEN JOINT-STOCK COMPANY\n"
              "strong: BANK VTB OAO\n"
              "registration: 00032520\n"
              "tax: 7702070139\n"
              "registration: 1000\n"
              "registration: 1027739609391\n"
              "bic: VTBRRUMM\n"
              "countries:\n"
              "address: 29, Bolshaya Morskaya str., St. Petersburg, 190000 [St. Petersburg]\n"
              "address: 37 Plyushchikha ul., Moscow, 119121 [Moscow]\n"
              "address: 43, Vorontsovskaya str., Moscow, 109044 [Moscow]\n"},
    {"26182", "26182 person FSE-IR\n"
              "primary: KAYAKIRAN, Evren\n"
              "passport: U00242309\n"
              "countries:\n"
              "birth: 1980-02-08\n"
              "address:  []\n"},
    {"9659", "9659 person SDGT; NS-PLC\n"
             "primary: HAMMAD, Fathi Ahmad Mohammad\n"
             "strong: HAMMAD, Fathi Ahmad\n"
             "strong: HAMAD, Fathy Ahmed\n"
             "strong: HAMAD, Fathi\n"
             "countries:\n"
             "birth: 1961-00-00\n"
             "address: Jabaliya [Jabaliya]\n"},
    {"17531", "17531 person SYRIA; FSE-SY\n"
              "primary: HOLLEBRAND, Alexander\n"
              "strong: HOLLEBRAND, Sander\n"
              "countries:\n"
              "birth: 1954-12-20\n"},
    {"17527", "17527 organisation FSE-SY; SYRIA\n"
              "primary: RIXO INTERNATIONAL TRADING LTD.\n"
              "countries: CH\n"
              "address: Lindenstrasse 2, Baar, 6340 [Baar] CH\n"},
    {"17530", "17530 organisation SYRIA; FSE-SY\n"
              "primary: STAROIL B.V.\n"
              "strong: STAROIL S.A.\n"
              "registration: 34311024\n"
              "tax: NL 819860578B01\n"
              "registration: 819860578\n"
              "countries: CH\n"
              "address: Wilhelminastraat 43 A, Haarlem, 2011 VK [Haarlem]\n"
              "address: 30 A Rte de Chene, Geneva, 1208 [Geneva] CH\n"},
};

Test(list_xml, ten_entries_of_ofac_hold_all_that_the_issuer_says_where_the_file_is_there)
{
	load_data(tw_ofac_xml_load, "ofac/consolidated_2020-12-14.xml");
	stage->country_named = fixture_country;
	struct tw_list_index *index = fixture_index(&stage, 1);
	stage = NULL;
	cr_assert_eq(sizeof(entries) / sizeof(entries[0]), 10u);
	for (size_t i = 0; i < 10; i++) {
		cr_expect_str_eq(xml_entry_full(index, entries[i].id, &arena), entries[i].text);
	}
	tw_list_index_free(index);
}
