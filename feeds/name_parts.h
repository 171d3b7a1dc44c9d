/**
 * @file name_parts.h
 * One text that names two parties, or one party twice, or a party and more.
 *
 *     "Tern Shipping Ltd f/k/a Quill Lines"      Tern Shipping Ltd | Quill Lines
 *     "SEA TERN (EX OCEAN QUILL)"                SEA TERN | OCEAN QUILL
 *     "SEA TERN V.012W"                          SEA TERN
 *     "TO THE ORDER OF QUILL BANK"               QUILL BANK
 *     "Tern Trading c/o Quill Forwarders"        Tern Trading | Quill Forwarders
 *     "Yusuf Tern S/O Harrow Tern, Quillport"    Yusuf Tern
 *     "Tern Trading, Rm 1203 Quill House"        Tern Trading
 *     "具 KU JA"                             KU JA | 具
 *
 * A marker needs a word before it and one behind it, but for an order, which stands first. Never fails. Threads: any.
 * Source: UN/EDIFACT D.96A, segments NAD and TDT, in the use of carriers: one name field for a party and whom it acts for, one for ship and voyage.
 */
#ifndef TIDEWAITER_FEEDS_NAME_PARTS_H
#define TIDEWAITER_FEEDS_NAME_PARTS_H

#include <tidewaiter/slice.h>

#include "feeds/name.h"

#define TW_NAME_PARTS_MAX 2

/** @param parts slices of `text` @return how many, 1 or 2; 1 and `text` itself where nothing parts it */
uint32_t tw_name_parts(struct tw_slice text, enum tw_name_domain domain, struct tw_slice parts[TW_NAME_PARTS_MAX]);

/** Another name of a person in brackets at the end: "Yusuf Tern (Quillfeather)". @return whether two long words stand before it, in `before` */
bool tw_name_bracketed(struct tw_slice text, enum tw_name_domain domain, struct tw_slice *before);

#endif
