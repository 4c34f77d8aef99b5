/* SPDX-License-Identifier: MIT */
/* Included by headers that use nothing of it in what they declare. */
#pragma once
