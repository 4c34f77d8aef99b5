using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Verification;

/// <summary>Asks a C compiler for every fact of a model. Nothing of the target is run, so cross compilers serve as well.</summary>
/// <remarks>
/// The answers are constant data of one object file. Only where the compiler refuses a question is it asked again, without
/// that question: mostly one compilation, rarely two.
/// </remarks>
public static class CompilerOracle
{
    /// <summary>Puts the facts of a model to a compiler.</summary>
    /// <param name="model">What is to be verified.</param>
    /// <param name="request">The compiler, and the headers that the model came from.</param>
    /// <param name="cancellation">Stops the compiler.</param>
    /// <returns>What it agreed with and what not.</returns>
    /// <exception cref="VerificationException">The compiler does not run or refuses the headers; the message has its words.</exception>
    public static async Task<VerifyReport> VerifyAsync(AbiModel model, VerifyRequest request, CancellationToken cancellation = default)
    {
        QuestionList list = QuestionList.Of(model, request.Undefined);
        Session session = new(list, request, cancellation);

        // Apart, as nearly all of them are refused, and some expand to braces that would swallow other questions.
        await session.AskAsync([.. Enumerable.Range(list.OfMissing.Count, session.Count - list.OfMissing.Count)]).ConfigureAwait(false);
        if (list.OfMissing.Count > 0)
        {
            await session.AskAsync([.. Enumerable.Range(0, list.OfMissing.Count)]).ConfigureAwait(false);
        }

        return session.Report();
    }

    private sealed class Session(QuestionList list, VerifyRequest request, CancellationToken cancellation)
    {
        private readonly Question[] questions = [.. list.OfMissing, .. list.OfMacros, .. list.OfTypes];
        private readonly Dictionary<int, string> answers = [];
        private readonly Dictionary<int, string> refusals = [];
        private bool givesEnumeratorsTheirEnum;
        private readonly string[] arguments =
        [
            "-nostdinc",
            .. FoldersOf(request).SelectMany(folder => (string[])["-isystem", folder]),
            .. request.Flags,
            .. request.Defines.Select(define => $"-D{define}"),
        ];

        internal int Count => questions.Length;

        private static IEnumerable<string> FoldersOf(VerifyRequest request) =>
            [
                .. request.IncludePaths,
                .. CompilerRun.HeadersOf(request.Compiler),
                .. request.LastFolder is { } last ? [last] : (string[])[],
            ];

        internal async Task AskAsync(IReadOnlyList<int> part)
        {
            ProbeSource source = ProbeSource.Write(
                request.Headers, list.Preamble, questions, list.OfMissing.Count + list.OfMacros.Count, list.Identifiers, part);
            CompilationResult result = await CompilerRun.CompileAsync(
                request.Compiler, arguments, source.Text, cancellation).ConfigureAwait(false);
            if (result.Object is { } bytes)
            {
                ReadAnswers(ObjectFile.Read(bytes), part);
                return;
            }

            if (part.Count == 0)
            {
                throw new VerificationException(
                    $"{request.Compiler.Name} does not compile "
                        + $"{string.Join(", ", request.Headers)}:\n{CompilerMessages.Summary(result.Messages)}\n"
                    + "Headers, include paths and defines must be those that the model was parsed with.");
            }

            int before = refusals.Count;
            foreach ((int line, string words) in CompilerMessages.ErrorsByLine(result.Messages))
            {
                if (source.QuestionAt(line) is { } question)
                {
                    refusals.TryAdd(question, words);
                }
            }

            if (refusals.Count > before)
            {
                await AskAsync([.. part.Where(question => !refusals.ContainsKey(question))]).ConfigureAwait(false);
            }
            else
            {
                await SplitAsync(part, result.Messages).ConfigureAwait(false);
            }
        }

        // The errors name no question. Either the headers are at fault, or one question is and the compiler blames another line.
        private async Task SplitAsync(IReadOnlyList<int> part, string messages)
        {
            await AskAsync([]).ConfigureAwait(false);
            if (part.Count == 1)
            {
                refusals[part[0]] = CompilerMessages.Summary(messages);
                return;
            }

            await AskAsync([.. part.Take(part.Count / 2)]).ConfigureAwait(false);
            await AskAsync([.. part.Skip(part.Count / 2)]).ConfigureAwait(false);
        }

        private void ReadAnswers(ObjectFile file, IReadOnlyList<int> part)
        {
            givesEnumeratorsTheirEnum = file.BytesOf(EnumeratorTypes.Symbol) is [not 0];
            foreach (int index in part)
            {
                byte[] data = file.BytesOf(ProbeSource.SymbolOf(index))
                    ?? throw new VerificationException(
                        $"{request.Compiler.Name} left the answer to \"{questions[index].Fact}\" out of its object file.");
                answers[index] = questions[index].Answer(data, file);
            }
        }

        internal VerifyReport Report()
        {
            int agreed = 0;
            List<Disagreement> disagreements = [];
            List<NotAskedFact> notAsked = [.. list.NotAsked];
            for (int index = 0; index < questions.Length; index++)
            {
                Question question = questions[index];
                bool isAnswered = answers.TryGetValue(index, out string? answer);
                if (!isAnswered && !question.RefusalAgrees)
                {
                    Refused(question, refusals[index]);
                }
                else if (!isAnswered || answer == question.Expected)
                {
                    agreed++;
                }
                else if (question.IsOfEnumerators && givesEnumeratorsTheirEnum)
                {
                    notAsked.Add(
                        new NotAskedFact(
                            question.Fact,
                            $"C11 makes it {question.Expected}; this compiler gives enumerators the type of their enum, as C23: {answer}"));
                }
                else
                {
                    disagreements.Add(new Disagreement(question.Fact, question.Expected, answer!));
                }
            }

            Dictionary<string, string> given = new(StringComparer.Ordinal);
            foreach ((int question, string answer) in answers)
            {
                given.TryAdd(questions[question].Fact, answer);
            }

            return new VerifyReport(request.Compiler, agreed, disagreements) { NotAsked = notAsked, Answers = given };

            void Refused(Question question, string words)
            {
                // A macro that the compiler does not know at all is no odd expression, nor is one of which something is left over behind
                // an expression: the model has one too many.
                if (question.IsMacro && !words.Contains("undeclared", StringComparison.Ordinal)
                    && !words.Contains("expected ')'", StringComparison.Ordinal))
                {
                    notAsked.Add(new NotAskedFact(question.Fact, $"refused as constant data: {words}"));
                }
                else if (question is BitFieldSignQuestion && words.Contains("not constant", StringComparison.Ordinal))
                {
                    // What is volatile is no constant, and gcc has no other way to ask.
                    notAsked.Add(new NotAskedFact(question.Fact, "gcc has no answer for a volatile bit-field"));
                }
                else
                {
                    disagreements.Add(new Disagreement(question.Fact, question.Expected, $"refuses: {words}"));
                }
            }
        }
    }
}
