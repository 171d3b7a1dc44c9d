/** @file uk_xml_test.c  The UK Sanctions List's XML on small documents in the published notation, fictional parties. */
#include "tests/unit/feeds/xml_suite.h"

#define HEAD         "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Designations>\n<DateGenerated>22/08/2026</DateGenerated>\n"
#define LIST(inside) HEAD inside "</Designations>"
#define ONE(inside)  "<Designation>" inside "</Designation>"
#define NAMED        "<UniqueID>XXX0001</UniqueID><Names><Name><Name6>ALPHA</Name6><NameType>Primary Name</NameType></Name></Names>"

TestSuite(uk_xml, .init = setup, .fini = teardown);

static const char *loaded(const char *document)
{
	return xml_load(tw_uk_xml_load, &stage, document, "XXX0001", &arena);
}

Test(uk_xml, an_individual_with_everything)
{
	cr_expect_str_eq(
	    loaded(LIST(ONE(
	        "<LastUpdated>04/08/2026</LastUpdated><DateDesignated>29/06/2012</DateDesignated><UniqueID>XXX0001</UniqueID>"
	        "<Names><Name><Name1>Al</Name1><Name6>Fa</Name6><NameType>Alias</NameType><AliasStrength>Good quality a.k.a</AliasStrength></Name>"
	        "<Name><Name1>ALPHA</Name1><Name2>B.</Name2><Name5>D</Name5><Name6>BETA</Name6><NameType>Primary name</NameType></Name>"
	        "<Name><Name6>BETTA</Name6><NameType>Primary Name Variation</NameType></Name>"
	        "<Name><Name6>GAMMA</Name6><NameType>Primary Name</NameType></Name>"
	        "<Name><Name6>Alfie</Name6><NameType>ALias</NameType><AliasStrength>Low quality a.k.a</AliasStrength></Name></Names>"
	        "<NonLatinNames><NonLatinName><NameNonLatinScript>Альфа</NameNonLatinScript></NonLatinName></NonLatinNames>"
	        "<RegimeName>The Nowhere (Sanctions) Regulations 2020</RegimeName><IndividualEntityShip>Individual</IndividualEntityShip>"
	        "<SanctionsImposed>Asset freeze|Travel Ban|Director Disqualification Sanction</SanctionsImposed>"
	        "<SanctionsImposedIndicators><AssetFreeze>true</AssetFreeze><ArmsEmbargo>false</ArmsEmbargo><TargetedArmsEmbargo>true</"
	        "TargetedArmsEmbargo>"
	        "</SanctionsImposedIndicators>"
	        "<Addresses><Address><AddressLine1>Dock "
	        "1</AddressLine1><AddressLine6>Alphaville</AddressLine6><AddressPostalCode>0042</AddressPostalCode>"
	        "<AddressCountry>Nowhere</AddressCountry></Address></Addresses>"
	        "<IndividualDetails><Individual><DOBs><DOB>dd/mm/1945</DOB><DOB>dd/03/1946</DOB><DOB>01/03/1958</DOB></DOBs>"
	        "<Nationalities><Nationality>Elsewhere</Nationality></Nationalities>"
	        "<PassportDetails><Passport><PassportNumber>X12345</PassportNumber><PassportAdditionalInformation>old</PassportAdditionalInformation>"
	        "</Passport></PassportDetails><NationalIdentifierDetails><NationalIdentifier><NationalIdentifierNumber>998877</"
	        "NationalIdentifierNumber>"
	        "</NationalIdentifier></NationalIdentifierDetails></Individual></IndividualDetails>"))),
	    "XXX0001 person The Nowhere (Sanctions) Regulations 2020\nprimary: ALPHA B. D BETA\nstrong: Al Fa\nstrong: BETTA\nstrong: GAMMA\n"
	    "weak: Alfie\nscript: Альфа\npassport: X12345\nnational_id: 998877\ncountries: XA XB\nbirth: 1945-00-00\nbirth: 1946-03-00\n"
	    "birth: 1958-03-01\naddress: Dock 1, Alphaville, 0042 [] XA\nmeasures: arms embargo, asset freeze, travel ban, other\nlisted: "
	    "2012-06-29\n");
}

Test(uk_xml, a_ship_with_its_number_flags_owner_and_shipping_measures)
{
	cr_expect_str_eq(
	    loaded(LIST(ONE(NAMED
	                    "<IndividualEntityShip>Ship</IndividualEntityShip>"
	                    "<SanctionsImposed>De-flag|Prohibition of port entry</SanctionsImposed>"
	                    "<ShipDetails><Ship><IMONumbers><IMONumber>IMO9074729</IMONumber></IMONumbers>"
	                    "<CurrentOwnerOperators><CurrentOwnerOperator>Alpha Lines </CurrentOwnerOperator></CurrentOwnerOperators>"
	                    "<CurrentBelievedFlagOfShips><CurrentBelievedFlagOfShip>Panama</CurrentBelievedFlagOfShip></CurrentBelievedFlagOfShips>"
	                    "<PreviousFlags><PreviousFlag>Cuba</PreviousFlag></PreviousFlags></Ship></ShipDetails>"))),
	    "XXX0001 vessel \nprimary: ALPHA\nimo: 9074729\ncountries: PA CU\nlink: other Alpha Lines\nmeasures: shipping\n");
}

#define SHIP_NAMED(name)                                                                                                                             \
	"<UniqueID>XXX0001</UniqueID><IndividualEntityShip>Ship</IndividualEntityShip><Names><Name><Name6>" name                                     \
	"</Name6><NameType>Primary Name</NameType></Name></Names>"

Test(uk_xml, a_ship_named_by_its_number_alone_is_called_by_the_note)
{
	cr_expect_str_eq(loaded(LIST(ONE(SHIP_NAMED("IMO 9074729 (&quot;ALPHA STAR&quot;)")))),
	                 "XXX0001 vessel \nprimary: ALPHA STAR\nimo: 9074729\ncountries:\n");
}

Test(uk_xml, a_number_in_the_name_is_not_listed_twice)
{
	cr_expect_str_eq(
	    loaded(LIST(ONE(SHIP_NAMED("IMO 9074729 (\"ALPHA\")") "<ShipDetails><Ship><IMONumbers><IMONumber>9074729</IMONumber></IMONumbers>"
	                                                          "</Ship></ShipDetails>"))),
	    "XXX0001 vessel \nprimary: ALPHA\nimo: 9074729\ncountries:\n");
}

Test(uk_xml, a_name_that_only_begins_so_is_itself)
{
	cr_expect_str_eq(loaded(LIST(ONE(SHIP_NAMED("IMO 9074729 (ALPHA)")))), "XXX0001 vessel \nprimary: IMO 9074729 (ALPHA)\ncountries:\n");
}

Test(uk_xml, an_entity_with_numbers_parent_and_subsidiary)
{
	cr_expect_str_eq(
	    loaded(LIST(ONE(NAMED "<IndividualEntityShip>Entity</IndividualEntityShip><EntityDetails><Entity><BusinessRegistrationNumbers>"
	                          "<BusinessRegistrationNumber>INN: 1234567890</BusinessRegistrationNumber>"
	                          "<BusinessRegistrationNumber>55443322 (Nowhere)</BusinessRegistrationNumber></BusinessRegistrationNumbers>"
	                          "<ParentCompanies><ParentCompany>Beta Holding</ParentCompany></ParentCompanies>"
	                          "<Subsidiaries><Subsidiary>Gamma Ltd</Subsidiary></Subsidiaries></Entity></EntityDetails>"
	                          "<SanctionsImposedIndicators><TrustServicesSanctions>true</TrustServicesSanctions></SanctionsImposedIndicators>"))),
	    "XXX0001 organisation \nprimary: ALPHA\nregistration: 1234567890\nregistration: 55443322\ncountries:\nlink: subsidiary of Beta Holding\n"
	    "link: other Gamma Ltd\nmeasures: other\n");
}

Test(uk_xml, what_is_passed_over_is_counted)
{
	const char *document = LIST(
	    ONE(NAMED "<Names><Name><NameType>Alias</NameType></Name></Names><IndividualDetails><Individual><DOBs><DOB>about then</DOB></DOBs>"
	              "<PassportDetails><Passport><PassportNumber>not "
	              "known</PassportNumber></Passport></PassportDetails></Individual></IndividualDetails>") "\n" ONE("<UniqueID>XXX0002</"
	                                                                                                               "UniqueID>") "\n" ONE("<Name"
	                                                                                                                                     "s><"
	                                                                                                                                     "Name>"
	                                                                                                                                     "<Name"
	                                                                                                                                     "6>"
	                                                                                                                                     "BETA<"
	                                                                                                                                     "/Name"
	                                                                                                                                     "6></"
	                                                                                                                                     "Name>"
	                                                                                                                                     "</"
	                                                                                                                                     "Names"
	                                                                                                                                     ">"));
	struct tw_error err = {0};
	cr_assert_eq(tw_uk_xml_load(stage, &(struct tw_list_file){"list.xml", tw_slice_str(document)}, &err), TW_OK, "%s", err.what);
	xml_expect_skip(stage, "a birth that is not a date", 1, 4, false);
	xml_expect_skip(stage, "a number without a digit", 1, 4, false);
	xml_expect_skip(stage, "an entry without a name", 1, 5, true);
	xml_expect_skip(stage, "an entry without UniqueID", 1, 6, true);
	cr_expect_eq(stage->report.skip_count, 4u);
	cr_expect_eq(stage->report.blank_names, 1u);
	cr_expect_eq(stage->entries.count, 1u);
	cr_expect_eq(stage->report.names, 1u);
	cr_expect_eq(stage->report.others, 1u);
	cr_expect(tw_slice_is(stage->report.date, "22/08/2026"));
}

Test(uk_xml, a_document_that_is_cut_anywhere_is_refused)
{
	xml_expect_cut_refused(tw_uk_xml_load, LIST(ONE(NAMED)));
}

Test(uk_xml, another_document_is_refused)
{
	xml_expect_refusal(tw_uk_xml_load, tw_slice_str("<ArrayOfFinancialSanctionsTarget/>"), TW_E_SYNTAX, "list.xml:1",
	                   "not the UK Sanctions List");
}

Test(uk_xml, a_document_type_is_refused)
{
	xml_expect_refusal(tw_uk_xml_load, tw_slice_str("<!DOCTYPE Designations>\n<Designations/>"), TW_E_SYNTAX, "list.xml:1",
	                   "a document type, which no issued list has");
}

/* The real file is some 20 MB, ten times the UN's: the parser's own bounds must not meet it. */
Test(uk_xml, a_list_of_thirty_megabytes_is_read_whole)
{
	enum { COUNT = 20000, ROOM = 1600 };
	const size_t room = (size_t)COUNT * ROOM + sizeof(HEAD) + 32;
	char *document = malloc(room), reasons[1400];
	cr_assert(document);
	memset(reasons, 'r', sizeof(reasons));
	size_t at = (size_t)snprintf(document, room, HEAD);
	for (int i = 0; i < COUNT; i++) {
		at += (size_t)snprintf(
		    document + at, room - at,
		    ONE("<UniqueID>%d</UniqueID><Names><Name><Name6>ALPHA</Name6></Name></Names><UKStatementofReasons>%.*s</UKStatementofReasons>\n"),
		    i, (int)sizeof(reasons), reasons);
	}
	snprintf(document + at, room - at, "</Designations>");
	struct tw_error err = {0};
	cr_assert_eq(tw_uk_xml_load(stage, &(struct tw_list_file){"list.xml", tw_slice_str(document)}, &err), TW_OK, "%s %s %s", err.where, err.what,
	             err.detail);
	cr_expect_eq(stage->entries.count, (uint32_t)COUNT);
	cr_expect_eq(tw_list_stage_entry_at(stage, COUNT - 1)->line, (uint32_t)COUNT + 3);
	free(document);
}
