/**
 * @file cp1252.h
 * Windows-1252, in which an issuer's older tables come, as UTF-8.
 */
#ifndef TIDEWAITER_FEEDS_CP1252_H
#define TIDEWAITER_FEEDS_CP1252_H

#include "feeds/list_loader.h"

/**
 * @param out in `arena`: at most three times the bytes
 * @return TW_OK; TW_E_SYNTAX at a byte that stands for no character (0x81, 0x8d, 0x8f, 0x90, 0x9d), with file:line; TW_E_MEMORY
 */
TW_MUST_USE enum tw_code tw_cp1252_decode(const struct tw_list_file *file, struct tw_arena *arena, struct tw_slice *out, struct tw_error *err);

#endif
