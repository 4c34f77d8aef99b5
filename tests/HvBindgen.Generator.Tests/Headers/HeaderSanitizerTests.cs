using HvBindgen.Generator.Headers;
using Xunit;

namespace HvBindgen.Generator.Tests.Headers;

public sealed class HeaderSanitizerTests
{
    [Theory]
    [InlineData("\tvoid __user *p;", "\tvoid *p;")]
    [InlineData("x = (__force int)y;", "x = (int)y;")]
    [InlineData("struct s { int a; } __packed;", "struct s { int a; } __attribute__((packed));")]
    [InlineData("int my__packed_count;", "int my__packed_count;")]
    [InlineData("static inline int __attribute_const__ f(void)", "static __inline__ int  f(void)")]
    [InlineData("#include <linux/compiler.h>", "")]
    [InlineData("#include <linux/compiler_types.h>", "")]
    [InlineData("#ifndef _UAPI_THING_H\n#endif /* _UAPI_THING_H */", "#ifndef _THING_H\n#endif /* _THING_H */")]
    [InlineData("#ifndef __ASSEMBLY__\n#endif", "#ifndef __ASSEMBLER__\n#endif")]
    public void Kernel_annotations_become_what_a_user_can_compile(string source, string exported) =>
        Assert.Equal(exported + "\n", HeaderSanitizer.Sanitize(source + "\n"));

    [Theory]
    [InlineData("#ifdef __KERNEL__\nk\n#else\nu\n#endif", "u")]
    [InlineData("#ifndef __KERNEL__\nu\n#else\nk\n#endif", "u")]
    [InlineData("#if defined(__KERNEL__) && (defined(A) || !defined(B))\nk\n#endif\nu", "u")]
    [InlineData("#if !defined(__KERNEL__) || defined(A)\nu\n#else\nk\n#endif", "u")]
    [InlineData("#if defined(__KERNEL__)\nk\n#elif defined(A)\na\n#else\nb\n#endif", "#if   defined(A)\na\n#else\nb\n#endif")]
    [InlineData("#if defined(A)\na\n#elif !defined(__KERNEL__)\nu\n#else\nk\n#endif", "#if defined(A)\na\n#else\nu\n#endif")]
    [InlineData("#ifdef __KERNEL__\n#ifdef A\nk\n#else\nk\n#endif\n#define K\n#endif\nu", "u")]
    [InlineData("#ifdef A\n#ifdef __KERNEL__\nk\n#endif\nu\n#endif", "#ifdef A\nu\n#endif")]
    [InlineData("#ifdef A\na\n#else\nb\n#endif", "#ifdef A\na\n#else\nb\n#endif")]
    [InlineData("/*\n#ifdef __KERNEL__\n*/\nu", "/*\n#ifdef __KERNEL__\n*/\nu")]
    public void Sections_for_the_kernel_alone_go_and_all_others_stay(string source, string exported) =>
        Assert.Equal(exported + "\n", HeaderSanitizer.Sanitize(source + "\n"));
}
