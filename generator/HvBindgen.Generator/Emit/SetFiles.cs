using HvBindgen.Generator.Model;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace HvBindgen.Generator.Emit;

/// <summary>The files of one scope: a folder for each header, a file for each kind of declaration.</summary>
internal sealed class SetFiles
{
    private readonly EmitScope scope;
    private readonly MergedModel merged;
    private readonly EmitOptions options;
    private readonly ScopeContent content;
    private readonly MessageEmitter? messages;
    private readonly RequestEmitter? requests;

    internal SetFiles(EmitScope scope, MergedModel merged, EmitOptions options)
    {
        (this.merged, this.options) = (merged, options);
        content = ScopeContent.Of(merged, scope);
        messages = MessageEmitter.For(scope, merged, options.Messages);
        requests = RequestEmitter.For(scope, merged, options);
        if (scope.IsShared && options.Calls is { } calls)
        {
            CallEmitter.RequireNames(merged, calls);
        }

        this.scope = scope with
        {
            PartialRecords = new HashSet<string>(messages?.PartialRecords ?? [], StringComparer.Ordinal),
        };
    }

    internal string Namespace => scope.Namespace;

    internal bool HasTable =>
        options.Surroundings.HasLayoutChecks && content.Records.Any(record => record.SizeBytes > 0);

    /// <summary>What the scope's files hold, in parts that have nothing in common, so that each can be emitted on its own thread.</summary>
    internal IReadOnlyList<Func<IEnumerable<SourcePart>>> Parts()
    {
        List<IGrouping<string, AbiRecord>> headers = [.. content.Records.GroupBy(record => record.Location.Header)];
        LayoutTableEmitter? table = HasTable ? new(scope, [.. content.Records.Where(record => record.SizeBytes > 0)]) : null;

        // The longest first, so that no thread ends long before the others.
        return
        [
            .. headers.Select(header => EmitRecords(table, header)), EmitEnumsAndConstants, EmitRequestsAndCalls, EmitTables,
            () => EmitLayoutTable(table),
        ];
    }

    // A header's records and the checks of their layout, which change together.
    private Func<IEnumerable<SourcePart>> EmitRecords(LayoutTableEmitter? table, IGrouping<string, AbiRecord> header) => () =>
    {
        AbiRecord[] records = [.. header];

        // The checks are as much work as the records: at the same time.
        Func<MemberDeclarationSyntax?> checks =
            options.Surroundings.Start(() => table?.EmitPart(header.Key, records));
        List<MemberDeclarationSyntax> members = Refusals.Each(records, new RecordEmitter(scope).Emit);
        if (checks() is { } part)
        {
            members.Add(part);
        }

        return [Part(header.Key, "Records", members)];
    };

    private IEnumerable<SourcePart> EmitLayoutTable(LayoutTableEmitter? table) =>
        table is not null ? [new SourcePart($"Support/LayoutTable{scope.FileSuffix}.g.cs", scope.Namespace, [table.EmitEntry()])] : [];

    private IEnumerable<SourcePart> EmitEnumsAndConstants()
    {
        EnumEmitter enums = new(scope);
        return
        [
            .. FilesOf("Enums", content.Enums, @enum => EnumsOf(enums, @enum)),
            .. ClassFiles(options.ConstantsClass, $"Constants of {options.Namespace}.", ConstantMembers()),
        ];
    }

    private List<SourcePart> EmitRequestsAndCalls()
    {
        List<SourcePart> result = [];
        foreach ((string descriptor, List<(SourceLocation Location, MemberDeclarationSyntax Member)> members) in IoctlMembers())
        {
            result.AddRange(ClassFiles(
                options.IoctlClass(descriptor),
                $"ioctl requests on a {XmlDoc.C(descriptor)} descriptor.",
                members.OrderBy(member => member.Location.Line).Select(member => (member.Location.Header, member.Member)),
                isUnsafe: true));
        }

        if (options.Calls is { } calls)
        {
            CallEmitter emitter = new(scope, merged, calls);
            result.AddRange(ClassFiles(
                calls.Class,
                "Call codes with the records of their input and output.",
                ((IEnumerable<AbiConstant>)scope.Model.Constants).Where(emitter.IsCall).OrderBy(constant => constant.Location.Line)
                    .Select(constant => (constant.Location.Header, (MemberDeclarationSyntax)emitter.Emit(constant)))));
        }

        return result;
    }

    private MemberDeclarationSyntax Attributed(MemberDeclarationSyntax member, string name) =>
        scope.Attributes.On(options.Hides(name) ? SourceFile.Hidden(member) : member, name);

    private IEnumerable<SourcePart> EmitTables() =>
    [
        .. Tables(options.Messages?.Class, messages?.Emit()),
        .. Tables(options.Requests?.Class, requests?.Emit()),
    ];

    private IEnumerable<SourcePart> Tables(string? name, IEnumerable<(string Header, MemberDeclarationSyntax Member)>? members) =>
        (members ?? []).GroupBy(member => member.Header)
            .Select(header => Part(header.Key, name!, [.. header.Select(member => member.Member)]));

    private static IEnumerable<MemberDeclarationSyntax> EnumsOf(EnumEmitter enums, AbiEnum @enum)
    {
        if (@enum.Name.Length > 0)
        {
            yield return enums.Emit(@enum);
        }

        if (enums.EmitFlags(@enum) is { } flags)
        {
            yield return flags;
        }
    }

    private IEnumerable<(string Header, MemberDeclarationSyntax Member)> ConstantMembers()
    {
        ConstantEmitter emitter = new(scope, options);
        IEnumerable<(SourceLocation Location, MemberDeclarationSyntax Member)> members =
        [
            .. content.Constants.Select(constant => (constant.Location, Attributed(emitter.Emit(constant), constant.Name))),
            .. content.Ioctls.Select(ioctl => (ioctl.Location, Attributed(emitter.Emit(ioctl), ioctl.Name))),
            .. FunctionRequests().Select(
                request => (request.Macro.Location, Attributed(emitter.Emit(request), request.Macro.Name))),
            .. content.Enums.Where(@enum => @enum.Name.Length == 0).SelectMany(
                @enum =>
                    ((IEnumerable<AbiEnumerator>)@enum.Enumerators).Select(
                        enumerator => (@enum.Location, Attributed(emitter.Emit(@enum, enumerator), enumerator.Name)))),
        ];
        return members.OrderBy(member => member.Location.Line).Select(member => (member.Location.Header, member.Member));
    }

    private SortedDictionary<string, List<(SourceLocation Location, MemberDeclarationSyntax Member)>> IoctlMembers()
    {
        IoctlEmitter emitter = new(scope, merged, options);
        SortedDictionary<string, List<(SourceLocation Location, MemberDeclarationSyntax Member)>> byDescriptor =
            new(StringComparer.Ordinal);
        foreach (AbiIoctl ioctl in scope.Model.Ioctls)
        {
            bool isHere = merged.IsPortable(ioctl) == scope.IsShared;
            Add(byDescriptor, ioctl, ioctl.Descriptors, [.. isHere ? emitter.Emit(ioctl) : [], .. emitter.EmitAlternates(ioctl)]);
        }

        FunctionRequestEmitter functions = new(scope, options, new IoctlArguments(scope));
        foreach (FunctionRequest request in FunctionRequests())
        {
            Add(byDescriptor, request.Macro, request.Macro.Descriptors, [.. functions.Emit(request)]);
        }

        return byDescriptor;
    }

    private IEnumerable<FunctionRequest> FunctionRequests() =>
        scope.Model.Index.FunctionRequests.Where(request => merged.IsPortable(request) == scope.IsShared);

    private void Add(
        SortedDictionary<string, List<(SourceLocation Location, MemberDeclarationSyntax Member)>> byDescriptor,
        IAbiDeclaration request,
        EquatableArray<string> descriptors,
        MemberDeclarationSyntax[] methods)
    {
        foreach (string descriptor in methods.Length > 0 ? (IEnumerable<string>)descriptors : [])
        {
            if (!byDescriptor.TryGetValue(descriptor, out List<(SourceLocation Location, MemberDeclarationSyntax Member)>? members))
            {
                members = [];
                byDescriptor.Add(descriptor, members);
            }

            members.AddRange(methods.Select(method => (request.Location, Attributed(method, request.Name))));
        }
    }

    private IEnumerable<SourcePart> FilesOf<T>(
        string kind, IReadOnlyList<T> declarations, Func<T, IEnumerable<MemberDeclarationSyntax>> emit)
        where T : IAbiDeclaration
    {
        foreach (IGrouping<string, T> header in declarations.GroupBy(declaration => declaration.Location.Header))
        {
            MemberDeclarationSyntax[] members = [.. header.SelectMany(emit)];
            if (members.Length > 0)
            {
                yield return Part(header.Key, kind, members);
            }
        }
    }

    // A partial class, with one part for each header.
    private IEnumerable<SourcePart> ClassFiles(
        string name, string summary, IEnumerable<(string Header, MemberDeclarationSyntax Member)> members, bool isUnsafe = false)
    {
        SyntaxKind[] modifiers =
            [SyntaxKind.PublicKeyword, SyntaxKind.StaticKeyword, .. scope.Safety.OfType(isUnsafe), SyntaxKind.PartialKeyword];
        foreach (IGrouping<string, (string Header, MemberDeclarationSyntax Member)> header in members.GroupBy(member => member.Header))
        {
            List<MemberDeclarationSyntax> own = [.. header.Select(member => member.Member)];
            yield return Part(header.Key, name, [Code.Class(Tokens.Modifiers(new XmlDoc(summary).Above(), modifiers), name, own)]);
        }
    }

    private SourcePart Part(string header, string kind, IReadOnlyList<MemberDeclarationSyntax> members) =>
        new(PathOf(header, kind), scope.Namespace, members) { Header = header };

    // linux/mshv.h -> linux/mshv/Records.g.cs
    private string PathOf(string header, string kind)
    {
        string folder = header.EndsWith(".h", StringComparison.Ordinal) ? header[..^2] : header;
        return $"{folder.Replace("..", "_", StringComparison.Ordinal)}/{kind}{scope.FileSuffix}.g.cs";
    }
}
