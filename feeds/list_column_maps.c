/**
 * @file list_column_maps.c
 * One column map an issuer (list_columns.h).
 *
 * A list of denied persons has no ids: an entry's is a digest of its name, address and effective date, so it is the same in the next
 * file as long as the issuer leaves the three as they are. Rows that agree in all of them are one entry.
 *
 * Sources: header rows of OFSI's consolidated list of financial sanctions targets (29 columns, April 2018), of the Bureau of Industry and
 * Security's Denied Persons List (2019), both read whole. The EU consolidated list, CSV 1.1, as six published readers and data bases of it name its
 * 117 columns, all alike, and as rows of the file that two of their tests quote. The UK Sanctions List CSV (a "Report Date" row before the
 * header) as published readers of it quote its header; OpenSanctions, simplified tabular format (targets.simple.csv), as its documentation lists the
 * columns: no original file of these two was read. Nor one of OFSI's list of 36 columns (2022): two published readers of it quote the header alike.
 */
#include "feeds/list_columns.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct tw_column ofsi[] = {
    {"Name 6", TW_COLUMN_NAME_LAST, NULL, true},
    {"Name 1", TW_COLUMN_NAME, NULL, true},
    {"Name 2", TW_COLUMN_NAME, NULL, true},
    {"Name 3", TW_COLUMN_NAME, NULL, true},
    {"Name 4", TW_COLUMN_NAME, NULL, true},
    {"Name 5", TW_COLUMN_NAME, NULL, true},
    {"Title", TW_COLUMN_IGNORED, NULL, true},
    {"DOB", TW_COLUMN_BIRTH, NULL, true},
    {"Town of Birth", TW_COLUMN_IGNORED, NULL, true},
    {"Country of Birth", TW_COLUMN_IGNORED, NULL, true},
    {"Nationality", TW_COLUMN_NATIONALITY, NULL, true},
    {"Passport Details", TW_COLUMN_IDENTIFIER, "passport", true},
    {"NI Number", TW_COLUMN_IDENTIFIER, "national_id", true},
    {"Position", TW_COLUMN_IGNORED, NULL, true},
    {"Address 1", TW_COLUMN_ADDRESS, NULL, true},
    {"Address 2", TW_COLUMN_ADDRESS, NULL, true},
    {"Address 3", TW_COLUMN_ADDRESS, NULL, true},
    {"Address 4", TW_COLUMN_ADDRESS, NULL, true},
    {"Address 5", TW_COLUMN_ADDRESS, NULL, true},
    {"Address 6", TW_COLUMN_ADDRESS, NULL, true},
    {"Post/Zip Code", TW_COLUMN_ADDRESS, NULL, true},
    {"Country", TW_COLUMN_COUNTRY, NULL, true},
    {"Other Information", TW_COLUMN_IMO_IN_TEXT, NULL, true},
    {"Group Type", TW_COLUMN_KIND, NULL, true},
    {"Alias Type", TW_COLUMN_ALIAS_TYPE, NULL, true},
    {"Regime", TW_COLUMN_PROGRAMME, NULL, true},
    {"Listed On", TW_COLUMN_LISTED_ON, NULL, true},
    {"Last Updated", TW_COLUMN_IGNORED, NULL, true},
    {"Group ID", TW_COLUMN_ID, NULL, true},
};

/* Since 2022: names in their own script, numbers apart from what is said about them, UTF-8. */
static const struct tw_column ofsi_2022[] = {
    {"Name 6", TW_COLUMN_NAME_LAST, NULL, true},
    {"Name 1", TW_COLUMN_NAME, NULL, true},
    {"Name 2", TW_COLUMN_NAME, NULL, true},
    {"Name 3", TW_COLUMN_NAME, NULL, true},
    {"Name 4", TW_COLUMN_NAME, NULL, true},
    {"Name 5", TW_COLUMN_NAME, NULL, true},
    {"Title", TW_COLUMN_IGNORED, NULL, true},
    {"Name Non-Latin Script", TW_COLUMN_SCRIPT_NAME, NULL, true},
    {"Non-Latin Script Type", TW_COLUMN_IGNORED, NULL, true},
    {"Non-Latin Script Language", TW_COLUMN_IGNORED, NULL, true},
    {"DOB", TW_COLUMN_BIRTH, NULL, true},
    {"Town of Birth", TW_COLUMN_IGNORED, NULL, true},
    {"Country of Birth", TW_COLUMN_IGNORED, NULL, true},
    {"Nationality", TW_COLUMN_NATIONALITY, NULL, true},
    {"Passport Number", TW_COLUMN_IDENTIFIER, "passport", true},
    {"Passport Details", TW_COLUMN_IGNORED, NULL, true},
    {"National Identification Number", TW_COLUMN_IDENTIFIER, "national_id", true},
    {"National Identification Details", TW_COLUMN_IGNORED, NULL, true},
    {"Position", TW_COLUMN_IGNORED, NULL, true},
    {"Address 1", TW_COLUMN_ADDRESS, NULL, true},
    {"Address 2", TW_COLUMN_ADDRESS, NULL, true},
    {"Address 3", TW_COLUMN_ADDRESS, NULL, true},
    {"Address 4", TW_COLUMN_ADDRESS, NULL, true},
    {"Address 5", TW_COLUMN_ADDRESS, NULL, true},
    {"Address 6", TW_COLUMN_ADDRESS, NULL, true},
    {"Post/Zip Code", TW_COLUMN_ADDRESS, NULL, true},
    {"Country", TW_COLUMN_COUNTRY, NULL, true},
    {"Other Information", TW_COLUMN_IMO_IN_TEXT, NULL, true},
    {"Group Type", TW_COLUMN_KIND, NULL, true},
    {"Alias Type", TW_COLUMN_ALIAS_TYPE, NULL, true},
    {"Alias Quality", TW_COLUMN_ALIAS_WEAK, NULL, true},
    {"Regime", TW_COLUMN_PROGRAMME, NULL, true},
    {"Listed On", TW_COLUMN_LISTED_ON, NULL, true},
    {"UK Sanctions List Date Designated", TW_COLUMN_IGNORED, NULL, true},
    {"Last Updated", TW_COLUMN_IGNORED, NULL, true},
    {"Group ID", TW_COLUMN_ID, NULL, true},
};

static const struct tw_column bis[] = {
    {"Name", TW_COLUMN_NAME, NULL, true},
    {"Street_Address", TW_COLUMN_ADDRESS, NULL, true},
    {"City", TW_COLUMN_CITY, NULL, true},
    {"State", TW_COLUMN_ADDRESS, NULL, true},
    {"Country", TW_COLUMN_COUNTRY, NULL, true},
    {"Postal_Code", TW_COLUMN_ADDRESS, NULL, true},
    {"Effective_Date", TW_COLUMN_LISTED_ON, NULL, true},
    {"Expiration_Date", TW_COLUMN_REMOVED_ON, NULL, true},
    {"Standard_Order", TW_COLUMN_IGNORED, NULL, true},
    {"Last_Update", TW_COLUMN_IGNORED, NULL, true},
    {"Action", TW_COLUMN_IGNORED, NULL, true},
    {"FR_Citation", TW_COLUMN_PROGRAMME, NULL, true},
};

/* Columns that are not named here are passed over. */
static const struct tw_column uk[] = {
    {"Unique ID", TW_COLUMN_ID, NULL, true},
    {"Name 6", TW_COLUMN_NAME_LAST, NULL, true},
    {"Name 1", TW_COLUMN_NAME, NULL, true},
    {"Name 2", TW_COLUMN_NAME, NULL, true},
    {"Name 3", TW_COLUMN_NAME, NULL, true},
    {"Name 4", TW_COLUMN_NAME, NULL, true},
    {"Name 5", TW_COLUMN_NAME, NULL, true},
    {"Name type", TW_COLUMN_ALIAS_TYPE, NULL, true},
    {"Alias strength", TW_COLUMN_ALIAS_WEAK, NULL, true},
    {"Name non-latin script", TW_COLUMN_SCRIPT_NAME, NULL, false},
    {"Regime Name", TW_COLUMN_PROGRAMME, NULL, true},
    {"Designation Type", TW_COLUMN_KIND, NULL, true},
    {"Sanctions Imposed", TW_COLUMN_MEASURES, NULL, true},
    {"Address Line 1", TW_COLUMN_ADDRESS, NULL, false},
    {"Address Line 2", TW_COLUMN_ADDRESS, NULL, false},
    {"Address Line 3", TW_COLUMN_ADDRESS, NULL, false},
    {"Address Line 4", TW_COLUMN_ADDRESS, NULL, false},
    {"Address Line 5", TW_COLUMN_ADDRESS, NULL, false},
    {"Address Line 6", TW_COLUMN_ADDRESS, NULL, false},
    {"Address Postal Code", TW_COLUMN_ADDRESS, NULL, false},
    {"Address Country", TW_COLUMN_COUNTRY, NULL, false},
    {"Date Designated", TW_COLUMN_LISTED_ON, NULL, false},
    {"D.O.B", TW_COLUMN_BIRTH, NULL, false},
    {"Nationality(/ies)", TW_COLUMN_NATIONALITY, NULL, false},
    {"National Identifier number", TW_COLUMN_IDENTIFIER, "national_id", false},
    {"Passport number", TW_COLUMN_IDENTIFIER, "passport", false},
    {"Business registration number (s)", TW_COLUMN_IDENTIFIER, "registration", false},
    {"IMO number", TW_COLUMN_IDENTIFIER, "imo", false},
    {"Current believed flag of ship", TW_COLUMN_NATIONALITY, NULL, false},
};

/* Of 117 columns; the rest are passed over: where each part of an entry was published, and what no screening asks for. */
static const struct tw_column eu[] = {
    {"fileGenerationDate", TW_COLUMN_LIST_DATE, NULL, true},
    {"Entity_EU_ReferenceNumber", TW_COLUMN_ID, NULL, true},
    {"Entity_DesignationDate", TW_COLUMN_LISTED_ON, NULL, true},
    {"Entity_SubjectType_ClassificationCode", TW_COLUMN_KIND, NULL, true},
    {"Entity_Regulation_Programme", TW_COLUMN_PROGRAMME, NULL, true},
    {"NameAlias_WholeName", TW_COLUMN_NAME, NULL, true},
    {"Address_City", TW_COLUMN_CITY, NULL, true},
    {"Address_Street", TW_COLUMN_ADDRESS, NULL, true},
    {"Address_PoBox", TW_COLUMN_ADDRESS, NULL, true},
    {"Address_ZipCode", TW_COLUMN_ADDRESS, NULL, true},
    {"Address_Region", TW_COLUMN_ADDRESS, NULL, true},
    {"Address_Place", TW_COLUMN_ADDRESS, NULL, true},
    {"Address_CountryIso2Code", TW_COLUMN_COUNTRY, NULL, true},
    {"BirthDate_BirthDate", TW_COLUMN_BIRTH, NULL, true},
    {"BirthDate_Year", TW_COLUMN_BIRTH_YEAR, NULL, true},
    {"BirthDate_YearRangeFrom", TW_COLUMN_BIRTH_YEAR, NULL, true},
    {"BirthDate_YearRangeTo", TW_COLUMN_BIRTH_YEAR, NULL, true},
    {"BirthDate_Circa", TW_COLUMN_BIRTH_CIRCA, NULL, true},
    {"BirthDate_CalendarType", TW_COLUMN_CALENDAR, NULL, true},
    {"Identification_Number", TW_COLUMN_IDENTIFIER, NULL, true},
    {"Identification_TypeCode", TW_COLUMN_SCHEME, NULL, true},
    {"Identification_CountryIso2Code", TW_COLUMN_ISSUER, NULL, true},
    {"Citizenship_CountryIso2Code", TW_COLUMN_NATIONALITY, NULL, true},
};

static const struct tw_column opensanctions[] = {
    {"id", TW_COLUMN_ID, NULL, true},
    {"schema", TW_COLUMN_KIND, NULL, true},
    {"name", TW_COLUMN_NAME, NULL, true},
    {"aliases", TW_COLUMN_ALIASES, NULL, true},
    {"birth_date", TW_COLUMN_BIRTH, NULL, true},
    {"countries", TW_COLUMN_NATIONALITY, NULL, true},
    {"addresses", TW_COLUMN_ADDRESS, NULL, true},
    {"identifiers", TW_COLUMN_IDENTIFIER, "identifier", true}, /* the format does not say of what scheme */
    {"sanctions", TW_COLUMN_PROGRAMME, NULL, false},
};

static const struct tw_column watch[] = {
    {"id", TW_COLUMN_ID, NULL, true},
    {"name", TW_COLUMN_NAME, NULL, true},
    {"aliases", TW_COLUMN_ALIASES, NULL, false},
    {"kind", TW_COLUMN_KIND, NULL, true},
    {"country", TW_COLUMN_NATIONALITY, NULL, false},
    {"birth_date", TW_COLUMN_BIRTH, NULL, false},
    {"identifier", TW_COLUMN_IDENTIFIER, NULL, false},
    {"scheme", TW_COLUMN_SCHEME, NULL, false},
    {"address", TW_COLUMN_ADDRESS, NULL, false},
    {"city", TW_COLUMN_CITY, NULL, false},
    {"programme", TW_COLUMN_PROGRAMME, NULL, false},
    {"measures", TW_COLUMN_MEASURES, NULL, false},
    {"listed_on", TW_COLUMN_LISTED_ON, NULL, false},
    {"removed_on", TW_COLUMN_REMOVED_ON, NULL, false},
    {"note", TW_COLUMN_IGNORED, NULL, false},
};

/* Whether the header row is that of 36 columns: it alone names a script. */
static bool is_ofsi_2022(struct tw_slice bytes)
{
	static const char mark[] = "Name Non-Latin Script";
	const uint32_t length = sizeof(mark) - 1;
	for (uint32_t i = 0; i < 1024 && i + length <= bytes.len; i++) {
		if (memcmp(bytes.ptr + i, mark, length) == 0) {
			return true;
		}
	}
	return false;
}

enum tw_code tw_ofsi_csv_load(struct tw_list_stage *stage, const struct tw_list_file *files, struct tw_error *err)
{
	bool later = is_ofsi_2022(files->bytes);
	const struct tw_column_map map = {.columns = later ? ofsi_2022 : ofsi,
	                                  .column_count = later ? COUNT(ofsi_2022) : COUNT(ofsi),
	                                  .preamble_rows = 1,
	                                  .order = TW_DATE_DAY_FIRST,
	                                  .measures = TW_MEASURE_ASSET_FREEZE,
	                                  .separator = ',',
	                                  .cp1252 = !later,
	                                  .closed = true};
	return tw_list_columns_load(stage, &map, files, err);
}

enum tw_code tw_bis_dpl_load(struct tw_list_stage *stage, const struct tw_list_file *files, struct tw_error *err)
{
	const struct tw_column_map map = {.columns = bis,
	                                  .column_count = COUNT(bis),
	                                  .order = TW_DATE_MONTH_FIRST,
	                                  .closed = true,
	                                  .measures = TW_MEASURE_EXPORT_DENIAL,
	                                  .separator = '\t',
	                                  .digest_id = true};
	return tw_list_columns_load(stage, &map, files, err);
}

enum tw_code tw_uk_csv_load(struct tw_list_stage *stage, const struct tw_list_file *files, struct tw_error *err)
{
	const struct tw_column_map map = {.columns = uk, .column_count = COUNT(uk), .preamble_rows = 1, .order = TW_DATE_DAY_FIRST, .separator = ','};
	return tw_list_columns_load(stage, &map, files, err);
}

enum tw_code tw_eu_csv_load(struct tw_list_stage *stage, const struct tw_list_file *files, struct tw_error *err)
{
	const struct tw_column_map map = {.columns = eu,
	                                  .column_count = COUNT(eu),
	                                  .order = TW_DATE_DAY_FIRST,
	                                  .separator = ';',
	                                  .by_part = true,
	                                  .scheme_of = tw_eu_document_scheme};
	return tw_list_columns_load(stage, &map, files, err);
}

enum tw_code tw_opensanctions_csv_load(struct tw_list_stage *stage, const struct tw_list_file *files, struct tw_error *err)
{
	const struct tw_column_map map = {
	    .columns = opensanctions, .column_count = COUNT(opensanctions), .order = TW_DATE_DAY_FIRST, .separator = ',', .parts = ';'};
	return tw_list_columns_load(stage, &map, files, err);
}

enum tw_code tw_watch_csv_load(struct tw_list_stage *stage, const struct tw_list_file *files, struct tw_error *err)
{
	const struct tw_column_map map = {.columns = watch,
	                                  .column_count = COUNT(watch),
	                                  .order = TW_DATE_DAY_FIRST,
	                                  .separator = ',',
	                                  .parts = ';',
	                                  .utf8 = true,
	                                  .closed = true,
	                                  .strict = true};
	return tw_list_columns_load(stage, &map, files, err);
}
