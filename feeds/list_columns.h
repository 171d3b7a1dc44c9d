/**
 * @file list_columns.h
 * What an issuer's table says, column by column: a map is data, the reader (list_columns.c) is one for all of them.
 *
 *     preamble rows, header row, then rows;  rows of one group (COLUMN_ID) are one entry, in whatever order they stand
 *
 * Source: the issuers' own header rows; list_column_maps.c names them.
 */
#ifndef TIDEWAITER_FEEDS_LIST_COLUMNS_H
#define TIDEWAITER_FEEDS_LIST_COLUMNS_H

#include "feeds/list_date.h"
#include "feeds/list_loader.h"

enum tw_column_meaning {
	TW_COLUMN_ID = 1,      /**< the group: rows that share it are one entry */
	TW_COLUMN_NAME,        /**< a whole name, or a part of one; parts stand in column order, then TW_COLUMN_NAME_LAST */
	TW_COLUMN_NAME_LAST,   /**< the family name, or an organisation's whole name */
	TW_COLUMN_SCRIPT_NAME, /**< the same name in its original script */
	TW_COLUMN_ALIASES,     /**< further names */
	TW_COLUMN_ALIAS_TYPE,  /**< what the row's name is: "Prime Alias", "AKA", "FKA" */
	TW_COLUMN_ALIAS_WEAK,  /**< "Low quality" makes the row's name weak */
	TW_COLUMN_KIND,        /**< a word of the kind table */
	TW_COLUMN_BIRTH,       /**< a date; several are alternatives */
	TW_COLUMN_BIRTH_YEAR,  /**< where the row has no date; two columns are the ends of a span */
	TW_COLUMN_BIRTH_CIRCA, /**< "true": the row's birth is circa */
	TW_COLUMN_CALENDAR,    /**< of the row's birth year; another one than the Gregorian is passed over */
	TW_COLUMN_ADDRESS,     /**< a part of the row's address */
	TW_COLUMN_CITY,        /**< */
	TW_COLUMN_COUNTRY,     /**< of the address */
	TW_COLUMN_NATIONALITY, /**< a country of the entry */
	TW_COLUMN_IDENTIFIER,  /**< of `scheme`, or of the row's TW_COLUMN_SCHEME */
	TW_COLUMN_SCHEME,      /**< a scheme word for TW_COLUMN_IDENTIFIER */
	TW_COLUMN_ISSUER,      /**< the country of the row's identifier */
	TW_COLUMN_IMO_IN_TEXT, /**< free text that may state "IMO number: 1234567" */
	TW_COLUMN_PROGRAMME,   /**< */
	TW_COLUMN_MEASURES,    /**< words of the measures table, anywhere in the text */
	TW_COLUMN_LISTED_ON,   /**< */
	TW_COLUMN_REMOVED_ON,  /**< the day from which the listing no longer holds; may lie ahead */
	TW_COLUMN_LIST_DATE,   /**< of the whole file, in every row */
	TW_COLUMN_IGNORED,     /**< known, and nothing is taken from it */
};

struct tw_column {
	const char *header;
	enum tw_column_meaning meaning;
	const char *scheme; /**< TW_COLUMN_IDENTIFIER: constant text */
	bool required;      /**< a header row without it is refused */
};

struct tw_column_map {
	const struct tw_column *columns;
	uint32_t column_count;
	uint32_t preamble_rows; /**< rows before the header, of any width */
	uint32_t measures;      /**< what every listing of this issuer orders */
	enum tw_list_date_order order;
	char separator;
	char parts;  /**< separator of several values in one field; '\0': numbered "1) A 2) B" are parts, nothing else */
	bool cp1252; /**< bytes are Windows-1252, unless a UTF-8 mark stands first */
	bool utf8;   /**< a row that is not UTF-8 is refused; an issuer's stray byte is not */
	bool closed; /**< a header that the map does not name is refused */
	bool strict; /**< a kind that no table names is refused, else it is TW_ENTRY_UNKNOWN */
	/* A row states one name, address, birth or number of its entry: the first name in Latin letters is the primary one, programmes gather, and
	 * numbers stand alone. */
	bool by_part;
	const char *(*scheme_of)(struct tw_slice code,
	                         enum tw_entry_kind kind); /**< of TW_COLUMN_SCHEME; NULL: our own words. A code without a scheme is passed over */
	bool digest_id; /**< the issuer gives no id: it is "dpl-" and a digest of name, address and listing date, as issued */
};

/** Read one file by its map. @return as the readers of list_loader.h */
TW_MUST_USE enum tw_code tw_list_columns_load(struct tw_list_stage *stage, const struct tw_column_map *map, const struct tw_list_file *file,
                                              struct tw_error *err);

#endif
