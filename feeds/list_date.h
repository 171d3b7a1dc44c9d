/**
 * @file list_date.h
 * Dates as issuers write them: "1962", "Mar 1962", "12 Mar 1962", "1962-03-12", "12/03/1962", "03/12/1962", "00/00/1980", "dd/mm/1980", "circa 1955",
 * "1955 to 1958". What is not a date is no date; no part of one is ever guessed.
 */
#ifndef TIDEWAITER_FEEDS_LIST_DATE_H
#define TIDEWAITER_FEEDS_LIST_DATE_H

#include "feeds/lists.h"

/** How an issuer orders a date of three numbers. One with the year first is the same in all. */
enum tw_list_date_order { TW_DATE_DAY_FIRST = 1, TW_DATE_MONTH_FIRST };

/**
 * @param out   written always: year 0 where the text is no date
 * @param until NULL, or the end of a span ("1955 to 1958", "between 1955 and 1958", "1955-1958"): year 0 where there is none; both are circa then
 * @return whether it is a date from year 1000 to 2999 that the calendar has
 */
bool tw_list_date_read(struct tw_slice text, enum tw_list_date_order order, struct tw_list_date *out, struct tw_list_date *until);

/** @return below 0, 0, above 0: by year, month, day; what is not stated is before what is */
int tw_list_date_compare(struct tw_list_date a, struct tw_list_date b);

/**
 * What the days from `from` to `to` state, where a file writes a month or a year as its first and its last day.
 * @param from becomes the day, the month or the year that they are; for a span its begin, circa
 * @param to   for a span its end, circa; whole years (also those that name but their first of January) lose month and day
 * @return whether they are a span
 */
bool tw_list_date_period(struct tw_list_date *from, struct tw_list_date *to);

#endif
