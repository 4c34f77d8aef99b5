using System.Diagnostics.CodeAnalysis;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Emit;

/// <summary>Compiles emitted C# in memory, so that what does not compile is never written.</summary>
public static class CompileCheck
{
    private const string Switch = "HvBindgen.Generator.CompileCheck";

    /// <summary>Why nothing can be compiled here; null when it can.</summary>
    public static string? WhyNot => IsSupported ? MemoryCompiler.WhyNot : "this program is native code, without the runtime's assemblies";

    // The native program leaves the compiler out: it binds against assemblies, of which that program has none, and cannot be trimmed.
    [FeatureSwitchDefinition(Switch)]
    private static bool IsSupported => !AppContext.TryGetSwitch(Switch, out bool isOn) || isOn;

    /// <summary>Compiles the sets of an assembly with what they share; does nothing where <see cref="WhyNot"/> gives a reason.</summary>
    /// <param name="sets">The sets.</param>
    /// <param name="support">What <see cref="CSharpEmitter.EmitSupport"/> gave for them.</param>
    /// <param name="options">The options that it was given.</param>
    /// <exception cref="EmitException">It does not compile; the message has the declarations and their headers.</exception>
    public static void Require(IReadOnlyList<EmittedSet> sets, IReadOnlyList<EmittedFile> support, EmitOptions options)
    {
        if (IsSupported)
        {
            if (MemoryCompiler.WhyNot is null)
            {
                MemoryCompiler.Compile(sets, support, options);
            }
        }
    }

    /// <summary>Compiles as <see cref="Require"/> does, and lets every accessor of the records write.</summary>
    /// <param name="sets">The sets.</param>
    /// <param name="support">What <see cref="CSharpEmitter.EmitSupport"/> gave for them.</param>
    /// <param name="options">The options that it was given.</param>
    /// <returns>
    /// What they wrote, by namespace; nothing where <see cref="WhyNot"/> gives a reason, or attributes have types of the project's own.
    /// </returns>
    /// <exception cref="EmitException">It does not compile.</exception>
    public static IReadOnlyDictionary<string, IReadOnlyList<AccessorImage>> Write(
        IReadOnlyList<EmittedSet> sets, IReadOnlyList<EmittedFile> support, EmitOptions options)
    {
        if (IsSupported)
        {
            if (MemoryCompiler.WhyNot is null)
            {
                return AccessorRun.Of(sets, support, options);
            }
        }

        return new Dictionary<string, IReadOnlyList<AccessorImage>>();
    }
}
