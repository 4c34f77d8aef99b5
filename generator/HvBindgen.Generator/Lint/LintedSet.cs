using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Lint;

/// <summary>A set as the rules see it: its targets side by side.</summary>
internal sealed class LintedSet(IReadOnlyList<AbiModel> models, LintOptions options)
{
    internal LintOptions Options { get; } = options;

    internal IReadOnlyList<LintedModel> Targets { get; } = [.. models.Select(model => new LintedModel(model, options))];
}

/// <summary>What a set declares on one target, with what its requests take.</summary>
internal sealed class LintedModel
{
    private readonly Dictionary<string, AbiDerivation> derivations;

    internal LintedModel(AbiModel model, LintOptions options)
    {
        Model = model;
        derivations = model.Derivations.ToDictionary(derivation => derivation.Name, StringComparer.Ordinal);
        List<(AbiIoctl Ioctl, AbiType Type)> types = [];
        foreach (AbiIoctl ioctl in model.Ioctls)
        {
            if (ioctl.Argument is { } argument)
            {
                types.Add((ioctl, argument));
            }

            types.AddRange(options.AlternateArguments.GetValueOrDefault(ioctl.Name, []).Select(type => (ioctl, type)));
        }

        ArgumentTypes = types;
        Arguments = ArgumentRecord.Of(model, types);
    }

    internal AbiModel Model { get; }

    /// <summary>Each type that a request takes, by what the macro and the configuration say.</summary>
    internal IReadOnlyList<(AbiIoctl Ioctl, AbiType Type)> ArgumentTypes { get; }

    /// <summary>The records among them, and those inside.</summary>
    internal IReadOnlyList<ArgumentRecord> Arguments { get; }

    /// <summary>The names that a value is made of; empty where it is made of numbers alone, or nothing is known.</summary>
    internal IReadOnlyList<string> NamesOf(string name) =>
        derivations.TryGetValue(name, out AbiDerivation? derivation) ? derivation.Names : (IReadOnlyList<string>)[];
}
