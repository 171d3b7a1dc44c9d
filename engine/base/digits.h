/**
 * @file digits.h
 * Whole numbers as decimal digits, where a format string would cost more than what it prints: pointers, keys, members of a record.
 */
#ifndef TIDEWAITER_ENGINE_BASE_DIGITS_H
#define TIDEWAITER_ENGINE_BASE_DIGITS_H

#include <stdint.h>

#define TW_DIGITS_MAX        20U /* of 2^64 - 1 */
#define TW_DIGITS_SIGNED_MAX 20U /* of -2^63 */
#define TW_DIGITS_AMOUNT_MAX 24U /* before the last four are dropped: one more for the point, three for a number below one */

/** No sign, no leading noughts, not terminated. @param to room for TW_DIGITS_MAX @return how many were written: at least 1 */
uint32_t tw_digits_write(char *to, uint64_t number);
/** With a minus before it where it is below nought. @param to room for TW_DIGITS_SIGNED_MAX @return how many were written */
uint32_t tw_digits_signed(char *to, int64_t number);
/** Ten-thousandths as a decimal number, no noughts behind the point: 5405000 is 540.5. @param to room for TW_DIGITS_AMOUNT_MAX @return how many were
 * written */
uint32_t tw_digits_amount(char *to, int64_t e4);
/** As many as asked for, the last of them, noughts before them. @param width at most TW_DIGITS_MAX @return `to` behind them */
char *tw_digits_padded(char *to, uint64_t number, uint32_t width);
/** The same in base sixteen, small letters. @param width at most 16 */
char *tw_hex_padded(char *to, uint64_t number, uint32_t width);

#endif
