using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

// All structs of the binding are passed as they are; no stub may copy or convert them.
[assembly: DisableRuntimeMarshalling]

[assembly: SuppressMessage(
    "Interoperability",
    "CA1401",
    Scope = "namespaceanddescendants",
    Target = "~N:ClangSharp.Interop",
    Justification = "Public as in ClangSharp.Interop, which can take this binding's place.")]
[assembly: SuppressMessage(
    "Naming",
    "CA1712",
    Scope = "namespaceanddescendants",
    Target = "~N:ClangSharp.Interop",
    Justification = "The enumerators have the C API's names.")]
