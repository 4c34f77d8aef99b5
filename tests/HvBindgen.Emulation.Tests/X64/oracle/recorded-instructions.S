/* SPDX-License-Identifier: MIT */
/*
 * A ROM that executes instructions one at a time and writes to port 0xE9 what
 * they did: a line for each, as RecordedInstructionTests reads them. MODE is
 * 16 (real), 32 (protected, no paging) or 64 (the lowest 2 MiB are mapped).
 *
 * FS reaches all memory, GS the ROM. The operands of the cases lie in two
 * windows of 256 bytes: at DS:0 and ES:0, but in 64-bit mode, where no segment
 * has a base, at their linear addresses.
 *
 * Not among the cases: MOVDIRI of 32 bits to an unmapped address in 64-bit
 * mode, where Bochs 3 holds the limit of DS against it.
 */
#define CODE_BUFFER	0x7800
#define DATA_WINDOW	0x8000
#define EXTRA_WINDOW	0xa000
#define STACK		0x7000
#define TABLES		0x4000		/* of interrupts; those of pages are at 0x1000 to 0x3fff */
#define CASE_BYTES	64
#define CASE		0x600		/* the case at hand: length, instruction, six registers */
#define LENGTH		(CASE + 0)
#define INSTRUCTION	(CASE + 1)
#define INPUTS		(CASE + 16)
#define OUTCOME		0x680		/* vector, error code, where it stopped, CR2, six registers */
#define VECTOR		(OUTCOME + 0)
#define ERROR		(OUTCOME + 8)
#define STOPPED		(OUTCOME + 16)
#define FAULT_ADDRESS	(OUTCOME + 24)
#define OUTPUTS		(OUTCOME + 32)
#define OUTCOME_BYTES	(32 + 6 * 8)

#if MODE == 64
# define R(x) %r##x
# define D DATA_WINDOW
# define E EXTRA_WINDOW
# define BX %rbx
# define SI %rsi
# define DI %rdi
#else
# define R(x) %e##x
# define D 0
# define E 0
# if MODE == 32
#  define BX %ebx
#  define SI %esi
#  define DI %edi
# else
#  define BX %bx
#  define SI %si
#  define DI %di
# endif
#endif

	.text
	.code16
start:
	cli
	cld
	xorl %eax, %eax
	movw %ax, %ss
	movl $STACK, %esp
	movw %ax, %fs
#if MODE == 16
	movw $0xf000, %ax
	movw %ax, %gs
	xorl %edi, %edi
	movl $vectors, %eax
1:	movw %ax, %fs:(%edi)
	movw $0xf000, %fs:2(%edi)
	addl $16, %eax
	addl $4, %edi
	cmpl $128, %edi
	jb 1b
#else
	lgdtl %cs:(descriptors_end - start)
	movl %cr0, %eax
	orb $1, %al
	movl %eax, %cr0
	ljmpl $0x08, $protected
	.code32
protected:
	movw $0x10, %ax
	movw %ax, %ss
	movw %ax, %fs
	movw %ax, %gs
	movl $0x1000, %edi
	xorl %eax, %eax
1:	movl %eax, %fs:(%edi)
	addl $4, %edi
	cmpl $0x5000, %edi
	jb 1b
# if MODE == 64
	movl $0x2003, %fs:0x1000
	movl $0x3003, %fs:0x2000
	movl $0x83, %fs:0x3000
	movl $0x1000, %eax
	movl %eax, %cr3
	movl %cr4, %eax
	orb $0x20, %al
	movl %eax, %cr4
	movl $0xc0000080, %ecx
	rdmsr
	orl $0x100, %eax
	wrmsr
	movl %cr0, %eax
	orl $0x80000000, %eax
	movl %eax, %cr0
	ljmpl $0x28, $long
	.code64
long:
#  define GATE_BYTES 16
#  define CODE_SELECTOR 0x28
# else
#  define GATE_BYTES 8
#  define CODE_SELECTOR 0x08
# endif
	movl $TABLES, %edi
	movl $vectors, %eax
1:	movw %ax, %fs:(R(di))
	movw $CODE_SELECTOR, %fs:2(R(di))
	movw $0x8e00, %fs:4(R(di))
	movl %eax, %edx
	shrl $16, %edx
	movw %dx, %fs:6(R(di))
	addl $16, %eax
	addl $GATE_BYTES, %edi
	cmpl $TABLES + 32 * GATE_BYTES, %edi
	jb 1b
	movl $interrupts, %eax
	lidt %gs:(R(ax))
#endif

	movl $cases, %esi
next:
	xorl %edi, %edi
1:	movb %gs:(R(si)), %al
	movb %al, %fs:CASE(R(di))
	incl %esi
	incl %edi
	cmpl $CASE_BYTES, %edi
	jb 1b
	cmpb $0, %fs:LENGTH
	je finish
	movl %esi, %fs:OUTCOME - 8

	xorl %edi, %edi
1:	movb %fs:INSTRUCTION(R(di)), %al
	movb %al, %fs:CODE_BUFFER(R(di))
	incl %edi
	cmpl $15, %edi
	jb 1b
	movb $0xcc, %fs:CODE_BUFFER(R(di))

	xorl %edi, %edi
1:	movb $0, %fs:OUTCOME(R(di))
	incl %edi
	cmpl $OUTCOME_BYTES, %edi
	jb 1b

	xorl %edi, %edi
1:	movl %edi, %eax
	movb $151, %dl
	mulb %dl
	movb %al, %fs:DATA_WINDOW(R(di))
	movl %edi, %eax
	movb $29, %dl
	mulb %dl
	addb $7, %al
	movb %al, %fs:EXTRA_WINDOW(R(di))
	incl %edi
	cmpl $256, %edi
	jb 1b

#if MODE == 16
	movw $DATA_WINDOW / 16, %ax
	movw %ax, %ds
	movw $EXTRA_WINDOW / 16, %ax
	movw %ax, %es
#elif MODE == 32
	movw $0x18, %ax
	movw %ax, %ds
	movw $0x20, %ax
	movw %ax, %es
#endif
	mov %fs:INPUTS, R(ax)
	mov %fs:INPUTS + 8, R(cx)
	mov %fs:INPUTS + 16, R(dx)
	mov %fs:INPUTS + 24, R(bx)
	mov %fs:INPUTS + 32, R(si)
	mov %fs:INPUTS + 40, R(di)
#if MODE == 16
	ljmpw $CODE_BUFFER / 16, $0
#else
	push $CODE_BUFFER
	ret
#endif

	.p2align 4
vectors:
	.set number, 0
	.rept 32
	.p2align 4
	movb $number, %fs:VECTOR
	jmp stopped
	.set number, number + 1
	.endr

stopped:
	mov R(ax), %fs:OUTPUTS
	mov R(cx), %fs:OUTPUTS + 8
	mov R(dx), %fs:OUTPUTS + 16
	mov R(bx), %fs:OUTPUTS + 24
	mov R(si), %fs:OUTPUTS + 32
	mov R(di), %fs:OUTPUTS + 40
#if MODE == 16
	xorl %eax, %eax
	popw %ax
	movl %eax, %fs:STOPPED
#else
	/* Vectors 8, 10 to 14 and 17 have an error code. */
	movb %fs:VECTOR, %cl
	movl $0x27d00, %eax
	shrl %cl, %eax
	testb $1, %al
	jz 1f
	pop R(ax)
	mov R(ax), %fs:ERROR
1:	pop R(ax)
	sub $CODE_BUFFER, R(ax)
	mov R(ax), %fs:STOPPED
	cmpb $14, %cl
	jne 1f
	mov %cr2, R(ax)
	mov R(ax), %fs:FAULT_ADDRESS
1:
#endif
	movl $STACK, %esp

	movb $'0' + MODE / 10, %al
	outb %al, $0xe9
	movb $'0' + MODE % 10, %al
	outb %al, $0xe9
	movb $' ', %al
	outb %al, $0xe9
	xorl %edi, %edi
1:	movb %fs:INSTRUCTION(R(di)), %al
	call write_byte
	incl %edi
	movzbl %fs:LENGTH, %eax
	cmpl %eax, %edi
	jb 1b
	movl $INPUTS, %esi
	movl $6, %edx
	call write_numbers
	movl $OUTCOME, %esi
	movl $10, %edx
	call write_numbers
	movl $DATA_WINDOW, %esi
	movl $151, %edx
	call write_changes
	movl $EXTRA_WINDOW, %esi
	movl $(7 << 8) + 29, %edx
	call write_changes
	movb $'\n', %al
	outb %al, $0xe9
	movl %fs:OUTCOME - 8, %esi
	jmp next

/* EDX numbers of eight bytes from FS:ESI, each after a blank. */
write_numbers:
	movb $' ', %al
	outb %al, $0xe9
	movl $8, %ecx
1:	movb %fs:-1(R(si), R(cx)), %al
	call write_byte
	decl %ecx
	jnz 1b
	addl $8, %esi
	decl %edx
	jnz write_numbers
	ret

/* What of the 256 bytes at FS:ESI is not index * DL + DH any more. */
write_changes:
	xorl %ecx, %ecx
	xorl %ebx, %ebx
1:	movb %cl, %al
	mulb %dl
	addb %dh, %al
	cmpb %fs:(R(si), R(cx)), %al
	je 3f
	testb %bl, %bl
	jnz 2f
	movb $1, %bl
	movb $' ', %al
	outb %al, $0xe9
	leal (%esi, %ecx), %edi
	movl %edi, %eax
	movb %ah, %al
	call write_byte
	movl %edi, %eax
	call write_byte
	movb $':', %al
	outb %al, $0xe9
2:	movb %fs:(R(si), R(cx)), %al
	call write_byte
	jmp 4f
3:	movb $0, %bl
4:	incl %ecx
	cmpl $256, %ecx
	jb 1b
	ret

write_byte:
	movb %al, %ah
	shrb $4, %al
	call write_digit
	movb %ah, %al
	andb $15, %al
write_digit:
	cmpb $10, %al
	jb 1f
	addb $39, %al
1:	addb $'0', %al
	outb %al, $0xe9
	ret

finish:
	movl $farewell, %esi
	movl $0x8900, %edx
1:	movb %gs:(R(si)), %al
	outb %al, %dx
	incl %esi
	testb %al, %al
	jnz 1b
2:	hlt
	jmp 2b

farewell:
	.asciz "Shutdown"

#if MODE != 16
	.p2align 3
descriptors:
	.quad 0
	.quad 0x00cf9b000000ffff	/* 0x08: 32-bit code */
	.quad 0x00cf93000000ffff	/* 0x10: data, all of it */
	.quad 0x0040930080000fff	/* 0x18: the data window's page */
	.quad 0x00409300a0000fff	/* 0x20: the extra window's page */
	.quad 0x00af9b000000ffff	/* 0x28: 64-bit code */
descriptors_end:
	.word descriptors_end - descriptors - 1
	.long descriptors
interrupts:
	.word 32 * GATE_BYTES - 1
# if MODE == 64
	.quad TABLES
# else
	.long TABLES
# endif
#endif

	/* The assembler knows that these may not be locked. */
	.macro locked instruction:vararg
	.byte 0xf0
	\instruction
	.endm

	.macro TRY ax, cx, dx, bx, si, di, instruction:vararg
	.byte 2f - 1f
1:	\instruction
2:	.fill 15 - (2b - 1b), 1, 0xcc
	.quad \ax, \cx, \dx, \bx, \si, \di
	.endm

#define FILLER 0x8877665544332211
#if MODE == 64
# define ANY FILLER
#else
# define ANY 0x44332211
#endif

cases:
	TRY ANY, 0, 0, D + 0x40, 0, 0, movdiri %eax, (BX)
	TRY 0, ANY, 0, D + 0x33, 8, 0, movdiri %ecx, 4(BX, SI)
	TRY 0, 0, ANY, 0, 0, D + 0x3e, movdiri %edx, (DI)
	TRY ANY, 0, 0, E + 0x7d, 0, 0, movdiri %eax, %es:(BX)
	TRY ANY, 0, 0, 0x8051, 0, 0, movdiri %eax, %fs:(BX)
	TRY ANY, 0, 0, D + 0x40, 0, 0, locked movdiri %eax, (BX)
	TRY ANY, 0, 0, D + 0x40, 0, 0, .byte 0x66, 0x0f, 0x38, 0xf9, 0x03
	TRY ANY, 0, 0, D + 0x40, 0, 0, .byte 0xf3, 0x0f, 0x38, 0xf9, 0x03
	TRY ANY, 0, 0, D + 0x40, 0, 0, .byte 0xf2, 0x0f, 0x38, 0xf9, 0x03
	TRY ANY, 0, 0, D + 0x40, 0, 0, .byte 0x0f, 0x38, 0xf9, 0xc3

	TRY 0, 0, 0, D + 0x40, 0, E + 0x40, movdir64b (BX), DI
	TRY 0, 0, 0, D + 0x13, 4, E + 0x80, movdir64b 1(BX, SI), DI
	TRY 0, 0, 0, D + 0xc0, 0, E, movdir64b (BX), DI
	TRY 0, 0, 0, E + 0x11, 0, E + 0xc0, movdir64b %es:(BX), DI
	TRY 0, 0, 0, 0x8031, 0, E + 0x40, movdir64b %fs:(BX), DI
	TRY 0, 0, 0, D + 0x40, 0, E + 0x20, movdir64b (BX), DI
	TRY 0, 0, 0, D + 0x40, 0, E + 0x41, movdir64b (BX), DI
	TRY 0, 0, 0, E + 0x21, 0, E + 0x40, movdir64b %es:(BX), DI
	TRY 0, 0, 0, D + 0x40, 0, E + 0x40, locked movdir64b (BX), DI
	TRY 0, 0, 0, D + 0x40, 0, E + 0x40, .byte 0x0f, 0x38, 0xf8, 0x3b
	TRY 0, 0, 0, D + 0x40, 0, E + 0x40, .byte 0x66, 0x0f, 0x38, 0xf8, 0xfb

	TRY 0, 0, 0, D + 0x40, 0, 0, cldemote (BX)
	TRY 0, 0, 0, D + 0x3f, 0, 0, cldemote %es:1(BX)
	TRY 0, 0, 0, D + 0x40, 0, 0, locked cldemote (BX)
	TRY 0, 0, 0, 0, 0, 0, wbnoinvd
	TRY 0, 0, 0, 0, 0, 0, locked wbnoinvd

#if MODE == 16
	TRY ANY, 0, 0, 0x40, 0, 0, movdiri %eax, (%ebx)
	TRY ANY, 0, 0, 0xffff0040, 0, 0, movdiri %eax, (%bx)
	TRY ANY, 0, 0, 0xfffe, 0, 0, movdiri %eax, (%bx)
	TRY ANY, 0, 0, 0xfff0, 0x60, 0, movdiri %eax, (%bx, %si)
	TRY ANY, 0, 0, 0x10000, 0, 0, movdiri %eax, (%ebx)
	TRY 0, 0, 0, 0x40, 0, 0x40, movdir64b (%ebx), %edi
	TRY 0, 0, 0, 0x40, 0, 0xffff0040, movdir64b (%bx), %di
	TRY 0, 0, 0, 0xffd0, 0, 0x40, movdir64b (%bx), %di
	TRY 0, 0, 0, 0x40, 0, 0x10000, movdir64b (%ebx), %edi
	TRY 0, 0, 0, 0xffff, 0, 0, cldemote 1(%bx)
	TRY 0, 0, 0, 0x10000, 0, 0, cldemote (%ebx)
#elif MODE == 32
	TRY ANY, 0, 0, 0x40, 0, 0, movdiri %eax, (%bx)
	TRY ANY, 0, 0, 0xffff0040, 0, 0, movdiri %eax, (%bx)
	TRY ANY, 0, 0, 0xffd, 0, 0, movdiri %eax, (%ebx)
	TRY 0, 0, 0, 0x40, 0, 0x40, movdir64b (%bx), %di
	TRY 0, 0, 0, 0x40, 0, 0xffff0040, movdir64b (%bx), %di
	TRY 0, 0, 0, 0xfd0, 0, 0x40, movdir64b (%ebx), %edi
	TRY 0, 0, 0, 0x40, 0, 0x1000, movdir64b (%ebx), %edi
	TRY 0, 0, 0, 0xfc0, 0, 0x40, movdir64b (%ebx), %edi
	TRY 0, 0, 0, 0x1000, 0, 0, cldemote (%ebx)
	TRY ANY, 0, 0, 0xffc, 0, 0, movdiri %eax, (%ebx)
#else
	TRY ANY, 0, 0, D + 0x40, 0, 0, movdiri %rax, (%rbx)
	TRY 0, ANY, 0, D + 0x39, 0, 0, movdiri %rcx, 4(%rbx)
	TRY 0, 0, ANY, FILLER, D + 0x21, 0, movdiri %rdx, (%rsi)
	TRY ANY, 0, 0, 0x1234567800008040, 0, 0, movdiri %rax, (%ebx)
	TRY ANY, 0, 0, 0x1ffffc, 0, 0, movdiri %rax, (%rbx)
	TRY ANY, 0, 0, 0x8000000000000000, 0, 0, movdiri %rax, (%rbx)
	TRY 0, 0, 0, D + 0x40, 0, 0xffffffff0000a040, movdir64b (%ebx), %edi
	TRY 0, 0, 0, D + 0x20, 0, D + 0x40, movdir64b (%rbx), %rdi
	TRY 0, 0, 0, D + 0x40, 0, 0x400000, movdir64b (%rbx), %rdi
	TRY 0, 0, 0, 0x400010, 0, E + 0x40, movdir64b (%rbx), %rdi
	TRY 0, 0, 0, 0x1fffe0, 0, E + 0x40, movdir64b (%rbx), %rdi
	TRY 0, 0, 0, D + 0x40, 0, 0x8000000000000000, movdir64b (%rbx), %rdi
	TRY 0, 0, 0, 0x8000000000000000, 0, E + 0x40, movdir64b (%rbx), %rdi
	TRY 0, 0, 0, 0x400000, 0, 0, cldemote (%rbx)
	TRY 0, 0, 0, 0x8000000000000000, 0, 0, cldemote (%rbx)
#endif
	.byte 0
	.fill CASE_BYTES, 1, 0

	.org 0xfff0
	.code16
	ljmpw $0xf000, $0
	.org 0x10000
