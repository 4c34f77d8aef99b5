using HvBindgen.Emulation.X64.Execution;
using HvBindgen.Emulation.X64.Numbers;

namespace HvBindgen.Emulation.X64.Instructions;

/// <summary>FYL2X, FPATAN, FSIN and their kin.</summary>
internal sealed class X87TranscendentalInstructions(X87Registers x87)
{
    private const int FirstTooLarge = 63;

    /// <summary>What an instruction makes of the two numbers on top: the one below, and the top.</summary>
    internal delegate X87Number TopOperation(X87Number below, X87Number top, ref NumberEnvironment environment);

    // What takes the angle's place, and what is pushed on top of it.
    private delegate (X87Number Replaced, X87Number? Pushed) OfAngle(
        in WideNumber reduced, int quarters, X87Number top, ref NumberEnvironment environment);

    /// <summary>FYL2X, FYL2XP1, FPATAN: one number in place of two.</summary>
    internal bool Combine(TopOperation operation)
    {
        if (!x87.TryUse(waits: true))
        {
            return false;
        }

        NumberEnvironment environment = x87.Control.Environment;
        X87Number result = X87Number.Indefinite;

        if (x87.HasTop && x87.IsUsedAt(1))
        {
            result = operation(x87.NumberAt(1), x87.TopNumber, ref environment);
        }
        else
        {
            environment.Raised = NumberExceptions.Invalid | NumberExceptions.Stack;
        }

        x87.Raise(environment.Raised, environment.IsRoundedUp);

        if (x87.Control.Masks(environment.Raised & NumberExceptions.BeforeResult))
        {
            x87.Write(1, result);
            x87.Pop();
        }

        return x87.TryCommit();
    }

    /// <summary>FSIN, FCOS. An angle that is too large is left, and told.</summary>
    internal bool TakeWave(bool isCosine) => TakeAngle(pushes: false, isCosine ? Cosine : Sine);

    /// <summary>FSINCOS: the sine in place of the angle, and the cosine on top of it.</summary>
    internal bool TakeBothWaves() => TakeAngle(pushes: true, SineAndCosine);

    /// <summary>FPTAN: the tangent in place of the angle, and one on top of it.</summary>
    internal bool TakeTangent() => TakeAngle(pushes: true, Tangent);

    private bool TakeAngle(bool pushes, OfAngle operation)
    {
        if (!x87.TryUse(waits: true))
        {
            return false;
        }

        NumberEnvironment environment = x87.Control.Environment;

        if (!TryPrepare(ref environment, needsRoom: pushes, out X87Number? special, out WideNumber reduced, out int quarters))
        {
            return StoreSpecial(special, pushes, in environment);
        }

        (X87Number replaced, X87Number? pushed) = operation(in reduced, quarters, x87.TopNumber, ref environment);
        return Store(replaced, pushed, in environment);
    }

    private static (X87Number Replaced, X87Number? Pushed) Sine(
        in WideNumber reduced, int quarters, X87Number top, ref NumberEnvironment environment)
    {
        WideNumber sine = X87Transcendentals.Wave(in reduced, quarters, isCosine: false);
        sine = top.IsNegative ? PreciseArithmetic.Negate(in sine) : sine;
        return (RoundWave(in sine, top, ref environment), null);
    }

    private static (X87Number Replaced, X87Number? Pushed) Cosine(
        in WideNumber reduced, int quarters, X87Number top, ref NumberEnvironment environment) =>
        (RoundWave(X87Transcendentals.Wave(in reduced, quarters, isCosine: true), top, ref environment), null);

    // The cosine is rounded first: what is told is how the sine was.
    private static (X87Number Replaced, X87Number? Pushed) SineAndCosine(
        in WideNumber reduced, int quarters, X87Number top, ref NumberEnvironment environment)
    {
        X87Number cosine = Cosine(in reduced, quarters, top, ref environment).Replaced;
        return (Sine(in reduced, quarters, top, ref environment).Replaced, cosine);
    }

    private static (X87Number Replaced, X87Number? Pushed) Tangent(
        in WideNumber reduced, int quarters, X87Number top, ref NumberEnvironment environment)
    {
        WideNumber tangent = PreciseArithmetic.Divide(
            X87Transcendentals.Wave(in reduced, quarters, isCosine: false), X87Transcendentals.Wave(in reduced, quarters, isCosine: true));
        tangent = tangent with { Significand = tangent.Significand | 1, IsNegative = tangent.IsNegative != top.IsNegative };
        return (Round(in tangent, top, ref environment), X87Number.FromInteger(1));
    }

    // Whether there is an angle to be computed with; if not, what takes its place: nothing where it is too large.
    private bool TryPrepare(
        ref NumberEnvironment environment, bool needsRoom, out X87Number? special, out WideNumber reduced, out int quarters)
    {
        special = X87Number.Indefinite;
        reduced = default;
        quarters = 0;
        x87.ClearPartial();

        if (!x87.HasTop || (needsRoom && !x87.HasRoom))
        {
            environment.Raised = NumberExceptions.Invalid | NumberExceptions.Stack;
            environment.IsRoundedUp = x87.HasTop;
            return false;
        }

        X87Number top = x87.TopNumber;

        if (X87Arithmetic.TryFindNan(top, top, ref environment, out X87Number nan))
        {
            special = nan;
            return false;
        }

        if (top.IsInfinity)
        {
            environment.Raised |= NumberExceptions.Invalid;
            return false;
        }

        WideNumber angle = top.ToWide();

        if (angle.Kind == WideKind.Finite && angle.Exponent >= FirstTooLarge)
        {
            special = null;
            return false;
        }

        reduced = X87Transcendentals.Reduce(in angle, out quarters);
        return true;
    }

    private static X87Number Round(in WideNumber value, X87Number top, ref NumberEnvironment environment) =>
        X87Arithmetic.Complete(in value, NumberExceptions.None, top.IsDenormal, X87Number.Precision, ref environment);

    // But of zero no sine or cosine is exact.
    private static X87Number RoundWave(in WideNumber value, X87Number top, ref NumberEnvironment environment) =>
        Round(top.IsZero ? value : X87Transcendentals.Smaller(in value), top, ref environment);

    private bool StoreSpecial(X87Number? special, bool pushes, in NumberEnvironment environment)
    {
        if (special is { } number)
        {
            return Store(number, pushes ? number : null, in environment);
        }

        x87.SetPartial();
        return x87.TryCommit();
    }

    private bool Store(X87Number replaced, X87Number? pushed, in NumberEnvironment environment)
    {
        x87.Raise(environment.Raised, environment.IsRoundedUp);

        if (x87.Control.Masks(environment.Raised & NumberExceptions.BeforeResult))
        {
            x87.Write(0, replaced);

            if (pushed is { } number)
            {
                x87.Push(number);
            }
        }

        return x87.TryCommit();
    }
}
