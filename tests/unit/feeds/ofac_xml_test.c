/** @file ofac_xml_test.c  OFAC's sdnList XML on small documents: every trap of the real file, every way to be refused or passed over. */
#include "tests/unit/feeds/xml_suite.h"

#define HEAD                                                                                                                                         \
	"<?xml version=\"1.0\" standalone=\"yes\"?>\n<sdnList xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "                              \
	"xmlns=\"http://tempuri.org/sdnList.xsd\">\n"                                                                                                \
	"<publshInformation><Publish_Date>12/14/2020</Publish_Date><Record_Count>1</Record_Count></publshInformation>\n"
#define LIST(inside)  HEAD inside "</sdnList>"
#define ENTRY(inside) "<sdnEntry>" inside "</sdnEntry>"
#define NAMED         "<uid>7</uid><lastName>ALPHA</lastName><sdnType>Entity</sdnType>"

TestSuite(ofac_xml, .init = setup, .fini = teardown);

static const char *loaded(const char *document)
{
	return xml_load(tw_ofac_xml_load, &stage, document, "7", &arena);
}

Test(ofac_xml, an_individual_with_everything)
{
	cr_expect_str_eq(
	    loaded(LIST(ENTRY(
	        "<uid>7</uid><firstName>Alpha</firstName><lastName>BETA &amp; GAMMA</lastName><sdnType>Individual</sdnType>"
	        "<remarks>(Linked To: DELTA LINES; Linked To: EPSILON (EP) CO.)</remarks>"
	        "<programList><program>TEST-A</program><program>TEST-B</program><program>TEST-A</program></programList>"
	        "<idList><id><uid>1</uid><idType>Passport</idType><idNumber>X 12345</idNumber><idCountry>Elsewhere</idCountry></id>"
	        "<id><idType>Tax ID No.</idType><idNumber>998877</idNumber></id></idList>"
	        "<akaList><aka><uid>2</uid><type>a.k.a.</type><category>strong</category><lastName>BETTA</lastName><firstName>Alpha</firstName></aka>"
	        "<aka><type>a.k.a.</type><category>weak</category><lastName>ALFIE</lastName></aka>"
	        "<aka><type>f.k.a.</type><category>strong</category><lastName>ZETA</lastName></aka></akaList>"
	        "<addressList><address><address1>Dock 1</address1><address2>Harbour</address2><city>Alphaville</city>"
	        "<stateOrProvince>North</stateOrProvince><postalCode>0042</postalCode><country>Nowhere</country></address></addressList>"
	        "<nationalityList><nationality><country>Iran</country><mainEntry>true</mainEntry></nationality></nationalityList>"
	        "<citizenshipList><citizenship><country>Cuba</country></citizenship></citizenshipList>"
	        "<dateOfBirthList><dateOfBirthItem><dateOfBirth>12 Mar 1962</dateOfBirth></dateOfBirthItem>"
	        "<dateOfBirthItem><dateOfBirth>circa 1955</dateOfBirth></dateOfBirthItem>"
	        "<dateOfBirthItem><dateOfBirth>1955 to 1958</dateOfBirth></dateOfBirthItem></dateOfBirthList>"
	        "<placeOfBirthList><placeOfBirthItem><placeOfBirth>Alphaville</placeOfBirth></placeOfBirthItem></placeOfBirthList>"))),
	    "7 person TEST-A; TEST-B\nprimary: BETA & GAMMA, Alpha\nstrong: BETTA, Alpha\nweak: ALFIE\nformer: ZETA\npassport: X 12345 XB\n"
	    "tax: 998877\ncountries: XA IR CU\nbirth: 1962-03-12\nbirth: circa 1955-00-00\nbirth: circa 1958-00-00\n"
	    "address: Dock 1, Harbour, Alphaville, North, 0042 [Alphaville] XA\nlink: other DELTA LINES\nlink: other EPSILON (EP) CO\n");
}

Test(ofac_xml, a_vessel_with_its_numbers_flag_and_owner_in_any_order)
{
	cr_expect_str_eq(
	    loaded(LIST(ENTRY("<vesselInfo><callSign>T2XX4</callSign><vesselType>Tanker</vesselType><vesselFlag>Panama</vesselFlag>"
	                      "<vesselOwner>Alpha Lines</vesselOwner></vesselInfo>"
	                      "<sdnType>Vessel</sdnType><idList><id><idType>Vessel Registration Identification</idType>"
	                      "<idNumber>IMO 9187629</idNumber></id><id><idType>MMSI</idType><idNumber>572469210</idNumber></id></idList>"
	                      "<lastName>ALPHA STAR</lastName><uid>7</uid>"))),
	    "7 vessel \nprimary: ALPHA STAR\nimo: 9187629\nmmsi: 572469210\ncall_sign: T2XX4\ncountries: PA\n"
	    "link: owned by Alpha Lines\n");
}

Test(ofac_xml, what_is_no_number_of_a_party_is_counted_and_a_nationality_among_the_numbers_is_a_country)
{
	const char *document =
	    LIST(ENTRY(NAMED "<idList><id><idType>Website</idType><idNumber>www.alpha.example</idNumber></id>"
	                     "<id><idType>Nationality of Registration</idType><idNumber>Nowhere</idNumber></id>"
	                     "<id><idType>SWIFT/BIC</idType><idNumber>ALPHXAXA</idNumber></id></idList>"
	                     "<akaList><aka><lastName> </lastName></aka></akaList>"
	                     "<dateOfBirthList><dateOfBirthItem><dateOfBirth>unknown</dateOfBirth></dateOfBirthItem></dateOfBirthList>"));
	struct tw_error err = {0};
	cr_assert_eq(tw_ofac_xml_load(stage, &(struct tw_list_file){"list.xml", tw_slice_str(document)}, &err), TW_OK);
	xml_expect_skip(stage, "an idType that is no number of a party", 1, 4, false);
	xml_expect_skip(stage, "a birth that is not a date", 1, 4, false);
	cr_expect_eq(stage->report.skip_count, 2u);
	cr_expect_eq(stage->report.blank_names, 1u);
	cr_expect_eq(stage->report.identifiers, 1u);
	cr_expect_eq(stage->report.organisations, 1u);
	cr_expect_eq(stage->countries.count, 1u);
	cr_expect(tw_slice_is(stage->report.date, "12/14/2020"));
}

Test(ofac_xml, an_entry_that_cannot_stand_is_passed_over_whole_with_its_line)
{
	const char *document = LIST(ENTRY(NAMED) "\n" ENTRY(
	    "<uid>8</uid><idList><id><idType>Passport</idType><idNumber>X1234</idNumber></id></idList>"
	    "<addressList><address><country>Nowhere</country></address></addressList>") "\n" ENTRY("<lastName>BETA</lastName>"));
	struct tw_error err = {0};
	cr_assert_eq(tw_ofac_xml_load(stage, &(struct tw_list_file){"list.xml", tw_slice_str(document)}, &err), TW_OK);
	xml_expect_skip(stage, "an entry without a name", 1, 5, true);
	xml_expect_skip(stage, "an entry without uid", 1, 6, true);
	cr_expect_eq(stage->entries.count, 1u);
	cr_expect_eq(stage->names.count, 1u);
	cr_expect_eq(stage->identifiers.count + stage->countries.count + stage->addresses.count, 0u);
	cr_expect_eq(stage->report.names, 1u);
	cr_expect_eq(stage->report.identifiers + stage->report.addresses, 0u);
}

Test(ofac_xml, another_type_than_four_is_of_unknown_kind)
{
	cr_expect_str_eq(loaded(LIST(ENTRY("<uid>7</uid><lastName>ALPHA</lastName><sdnType>Moon</sdnType>"))),
	                 "7 unknown \nprimary: ALPHA\ncountries:\n");
}

Test(ofac_xml, a_document_that_is_cut_anywhere_is_refused)
{
	xml_expect_cut_refused(tw_ofac_xml_load, LIST(ENTRY(NAMED "<akaList><aka><lastName>B</lastName></aka></akaList>")));
}

Test(ofac_xml, another_document_is_refused)
{
	xml_expect_refusal(tw_ofac_xml_load, tw_slice_str("<Sanctions>\n<x/></Sanctions>"), TW_E_SYNTAX, "list.xml:1",
	                   "not a list of OFAC in the sdnList schema");
}

Test(ofac_xml, a_document_type_is_refused)
{
	xml_expect_refusal(tw_ofac_xml_load, tw_slice_str("<?xml version=\"1.0\"?>\n<!DOCTYPE sdnList SYSTEM \"file:///etc/passwd\">\n<sdnList/>"),
	                   TW_E_SYNTAX, "list.xml:2", "a document type, which no issued list has");
}

Test(ofac_xml, an_element_that_ends_as_another_is_refused_with_its_line)
{
	xml_expect_refusal(tw_ofac_xml_load, tw_slice_str(HEAD "<sdnEntry>\n<uid>7</lastName></sdnEntry></sdnList>"), TW_E_SYNTAX, "list.xml:5",
	                   "not well-formed XML");
}
